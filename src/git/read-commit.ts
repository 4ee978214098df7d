import type { SourceFile } from '../domain/definitions/definition.js';
import { SourceError } from '../domain/source-error.js';
import { decodeText } from './decode.js';
import { isSkipped, isWanted, sourceLimits } from './limits.js';
import type { GitResult } from './run-git.js';

/** Runs git on the cached repository; throws CacheBroken when that fails. */
export type CacheGit = (args: readonly string[], options?: { input?: string; maxBytes?: number }) => Promise<GitResult>;

/** The local copy is not what git left there; it has to be made again. */
export class CacheBroken extends Error {
  override readonly name = 'CacheBroken';
}

interface TreeEntry {
  readonly mode: string;
  readonly type: string;
  readonly object: string;
  readonly size: number;
  readonly path: string;
}

/** The definition and code files of a commit, with two git processes however many there are. */
export async function readCommit(git: CacheGit, commit: string, subfolder: string): Promise<SourceFile[]> {
  const entries = (await listTree(git, commit, subfolder)).filter(
    ({ type, path }) => type === 'blob' && isWanted(path) && !isSkipped(path),
  );
  for (const { mode, path, size } of entries) {
    if (mode === '120000')
      throw new SourceError('source_unsafe', `${path} is a symbolic link: put the file itself there`);
    if (size > sourceLimits.fileBytes)
      throw new SourceError('source_too_large', `${path} is larger than 1 MiB: split it`);
  }
  if (entries.length > sourceLimits.files) {
    throw new SourceError(
      'source_too_large',
      `This commit holds more than ${sourceLimits.files} definition files: name a smaller folder`,
    );
  }
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total > sourceLimits.totalBytes)
    throw new SourceError(
      'source_too_large',
      'This commit holds more than 128 MiB of definitions: name a smaller folder',
    );
  if (entries.length === 0) return [];

  const input = entries.map(({ object }) => `${object}\n`).join('');
  const result = await git(['cat-file', '--batch'], { input, maxBytes: total + entries.length * 200 });
  if (result.status !== 0) throw new CacheBroken('cat-file failed');
  return splitBatch(result.stdout, entries).sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function listTree(git: CacheGit, commit: string, subfolder: string): Promise<TreeEntry[]> {
  if (subfolder !== '') await checkSubfolder(git, commit, subfolder);
  const tree = subfolder === '' ? `${commit}^{tree}` : `${commit}:${subfolder}`;
  const result = await git(['ls-tree', '-r', '-z', '-l', '--full-tree', '--end-of-options', tree], {
    maxBytes: 256 * 1024 * 1024,
  });
  if (result.status !== 0) throw new CacheBroken('ls-tree failed');
  return parseTree(result.stdout);
}

async function checkSubfolder(git: CacheGit, commit: string, subfolder: string): Promise<void> {
  const result = await git(['ls-tree', '-z', '-l', '--full-tree', '--end-of-options', commit, subfolder]);
  if (result.status !== 0) throw new CacheBroken('ls-tree failed');
  const [entry] = parseTree(result.stdout);
  if (entry?.type === 'tree') return;
  const why = entry === undefined ? 'has no folder' : entry.mode === '120000' ? 'has a symbolic link' : 'has a file';
  throw new SourceError(
    'source_missing',
    `The commit ${commit.slice(0, 7)} ${why} ${subfolder}: name the folder that holds steward.yaml`,
  );
}

/** `mode type object size\tpath\0` … */
function parseTree(output: Buffer): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let start = 0; start < output.length;) {
    const end = output.indexOf(0, start);
    const tab = output.indexOf(9, start);
    const [mode = '', type = '', object = '', size = '0'] = output.subarray(start, tab).toString('latin1').split(/ +/);
    entries.push({ mode, type, object, size: Number(size) || 0, path: decodePath(output.subarray(tab + 1, end)) });
    start = end + 1;
  }
  return entries;
}

/** A path that is not UTF-8 cannot be named in a message or a definition; files with such a name are no concern of ours. */
function decodePath(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.includes('\uFFFD') ? decodeText(bytes, `A file name (${text.replaceAll('\uFFFD', '?')})`) : text;
}

/** `object type size\n<content>\n` … */
function splitBatch(output: Buffer, entries: readonly TreeEntry[]): SourceFile[] {
  let start = 0;
  return entries.map(({ path, object }) => {
    const end = output.indexOf(10, start);
    const [name, type, size] = output.subarray(start, end).toString('latin1').split(' ');
    if (name !== object || type !== 'blob') throw new CacheBroken(`${path} is missing from the cache`);
    const content = output.subarray(end + 1, end + 1 + Number(size));
    start = end + 1 + Number(size) + 1;
    return { path, text: decodeText(content, path) };
  });
}
