import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import type { DefinitionsSource, SourceTree } from '../app/ports.js';
import type { SourceFile } from '../domain/definitions/definition.js';
import { SourceError } from '../domain/source-error.js';
import { decodeText } from './decode.js';
import { isSkipped, isWanted, sourceLimits } from './limits.js';
import { workTreeState } from './work-tree.js';

/** Definitions in a plain folder; inside a git work tree the revision is HEAD, as long as nothing is uncommitted. */
export function folderSource(path: string): DefinitionsSource {
  const folder = resolve(path);
  return {
    async read(signal?: AbortSignal): Promise<SourceTree> {
      const root = await openFolder(folder);
      const before = await workTreeState(root, signal);
      const files = await readFolder(root, signal);
      const after = await workTreeState(root, signal);
      if (before === null || after === null) return { revision: null, description: folder, files };
      // A commit or an edit during the reading means that no revision describes what was read.
      const committed = before.clean && after.clean && before.revision === after.revision;
      if (committed)
        return { revision: after.revision, description: `${folder} at ${after.revision.slice(0, 7)}`, files };
      return { revision: null, description: `${folder} with uncommitted changes`, files };
    },
  };
}

async function openFolder(folder: string): Promise<string> {
  try {
    const root = await realpath(folder);
    if ((await stat(root)).isDirectory()) return root;
  } catch (error) {
    throw new SourceError(
      'source_missing',
      `The definitions folder ${folder} cannot be opened: create it or mend the path`,
      { cause: error },
    );
  }
  throw new SourceError('source_missing', `${folder} is a file: name the folder that holds steward.yaml`);
}

async function readFolder(root: string, signal: AbortSignal | undefined): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  let bytes = 0;
  for (const path of await listFolder(root, '', signal)) {
    signal?.throwIfAborted();
    const content = await readInside(root, path);
    bytes += content.length;
    if (bytes > sourceLimits.totalBytes)
      throw new SourceError(
        'source_too_large',
        `${root} holds more than 128 MiB of definitions: name a smaller folder`,
      );
    files.push({ path, text: decodeText(content, path) });
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Paths of all wanted files under a folder. Links to folders are not followed: they may lead round in circles. */
async function listFolder(root: string, under: string, signal: AbortSignal | undefined): Promise<string[]> {
  const paths: string[] = [];
  const waiting = [under];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    signal?.throwIfAborted();
    let entries;
    try {
      entries = await readdir(join(root, folder), { withFileTypes: true });
    } catch (error) {
      throw new SourceError(
        'source_refused',
        `The folder ${join(root, folder)} cannot be read: give this process the right to`,
        { cause: error },
      );
    }
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (isSkipped(entry.name)) continue;
      if (entry.isDirectory()) waiting.push(path);
      else if (isWanted(entry.name)) paths.push(path);
      if (paths.length > sourceLimits.files) {
        throw new SourceError(
          'source_too_large',
          `${root} holds more than ${sourceLimits.files} definition files: name a smaller folder`,
        );
      }
    }
  }
  return paths;
}

async function readInside(root: string, path: string): Promise<Buffer> {
  const full = join(root, path);
  let real: string;
  try {
    real = await realpath(full);
  } catch (error) {
    throw new SourceError('source_refused', `${path} leads nowhere: mend or delete the link`, { cause: error });
  }
  if (!real.startsWith(root + sep)) {
    throw new SourceError(
      'source_unsafe',
      `${path} is a link that leaves the definitions folder: put the file itself there`,
    );
  }
  try {
    const info = await stat(real);
    if (!info.isFile()) throw new SourceError('source_unsafe', `${path} is no regular file: put a text file there`);
    if (info.size > sourceLimits.fileBytes)
      throw new SourceError('source_too_large', `${path} is larger than 1 MiB: split it`);
    return await readFile(real);
  } catch (error) {
    if (error instanceof SourceError) throw error;
    throw new SourceError('source_refused', `${path} cannot be read: give this process the right to`, { cause: error });
  }
}
