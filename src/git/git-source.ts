import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DefinitionsSource, SourceTree } from '../app/ports.js';
import { SourceError } from '../domain/source-error.js';
import { toSourceError } from './git-errors.js';
import { parseGitUrl } from './git-url.js';
import type { GitUrl } from './git-url.js';
import { withLock } from './lock.js';
import { CacheBroken, readCommit } from './read-commit.js';
import type { CacheGit } from './read-commit.js';
import { checkRef, parseRemoteRefs, resolveRef } from './resolve-ref.js';
import type { ResolvedRef } from './resolve-ref.js';
import { GitMissing, runGit } from './run-git.js';
import type { GitResult } from './run-git.js';

export interface GitSourceOptions {
  /** https, http, ssh, `git@host:path`, or a path of this machine. A credential in it is never shown. */
  readonly url: string;
  /** Branch, tag or commit (full or at least 4 digits); null: the default branch. */
  readonly ref: string | null;
  /** Folder inside the repository that holds steward.yaml; '' for its root. */
  readonly subfolder: string;
  /** Copies of repositories are kept here, one folder each. */
  readonly cacheFolder: string;
  /** For one read, network and waiting included. */
  readonly timeoutMs: number;
  /** Added to git's environment: GIT_SSH_COMMAND, GIT_ASKPASS and what those programs need. */
  readonly env?: Readonly<Record<string, string>>;
  /** A git credential helper; none otherwise, whatever the machine's git has configured. */
  readonly credentialHelper?: string;
}

/** Definitions in a git repository. The repository is asked on every read: a stale copy is never passed off as it. */
export function gitSource(options: GitSourceOptions): DefinitionsSource {
  const url = parseGitUrl(options.url);
  if (options.ref !== null) checkRef(options.ref);
  const subfolder = checkSubfolder(options.subfolder);
  return {
    async read(signal?: AbortSignal): Promise<SourceTree> {
      try {
        return await new GitRead(options, url, subfolder, signal).run();
      } catch (error) {
        if (error instanceof GitMissing)
          throw new SourceError('git_missing', 'git is not installed: install it, or use a folder', { cause: error });
        throw error;
      }
    },
  };
}

function checkSubfolder(written: string): string {
  const steps = written.split('/').filter((step) => step !== '' && step !== '.');
  if (written.startsWith('/') || steps.includes('..') || /[\0\\]/.test(written)) {
    throw new SourceError('source_unsafe', `The folder "${written}" leaves the repository: write a path inside it`);
  }
  return steps.join('/');
}

/** One read, with one deadline over all its git processes. */
class GitRead {
  private readonly cache: string;
  private readonly deadline: number;

  constructor(
    private readonly options: GitSourceOptions,
    private readonly url: GitUrl,
    private readonly subfolder: string,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.cache = join(options.cacheFolder, createHash('sha256').update(url.shown).digest('hex').slice(0, 32));
    this.deadline = Date.now() + options.timeoutMs;
  }

  async run(): Promise<SourceTree> {
    await mkdir(this.options.cacheFolder, { recursive: true, mode: 0o700 });
    const refs = parseRemoteRefs(
      (await this.remote(['ls-remote', '--end-of-options', 'steward'])).stdout.toString('utf8'),
    );
    const wanted = resolveRef(this.options.ref, refs, this.url.shown);
    return withLock(`${this.cache}.lock`, this.left(), () => this.readThroughCache(wanted), this.signal);
  }

  /** A copy that turns out to be broken is thrown away and made again, once. */
  private async readThroughCache(wanted: ResolvedRef): Promise<SourceTree> {
    try {
      return await this.fetchAndRead(wanted);
    } catch (error) {
      if (!(error instanceof CacheBroken)) throw error;
      await rm(this.cache, { recursive: true, force: true });
    }
    try {
      return await this.fetchAndRead(wanted);
    } catch (error) {
      if (!(error instanceof CacheBroken)) throw error;
      throw new SourceError(
        'source_unreachable',
        `The copy of ${this.url.shown} in ${this.cache} is broken: look at the disk`,
        { cause: error },
      );
    }
  }

  private async fetchAndRead(wanted: ResolvedRef): Promise<SourceTree> {
    await this.openCache();
    const revision = await this.fetch(wanted);
    await this.tidy();
    const files = await readCommit((args, more) => this.local(args, more), revision, this.subfolder);
    const short = revision.slice(0, 7);
    const named = wanted.kind !== 'ref' ? short : `${wanted.name.replace(/^refs\/(?:heads|tags)\//, '')} at ${short}`;
    const where = this.subfolder === '' ? this.url.shown : `${this.subfolder} in ${this.url.shown}`;
    return { revision, description: `${named} of ${where}`, files };
  }

  private async openCache(): Promise<void> {
    // The marker is renamed into place with the rest: a half-made copy has another name.
    if ((await stat(join(this.cache, 'HEAD')).catch(() => null)) !== null) return;
    await rm(this.cache, { recursive: true, force: true });
    const making = `${this.cache}.new`;
    await rm(making, { recursive: true, force: true });
    const made = await this.git(['init', '--quiet', '--bare', '--template=', '--end-of-options', making]);
    if (made.status !== 0) throw toSourceError(made, this.url, this.options.timeoutMs);
    await rename(making, this.cache);
  }

  /** Brings the commit into the cache, with as little history as the remote allows, and says which it is. */
  private async fetch(wanted: ResolvedRef): Promise<string> {
    if (wanted.kind === 'prefix') return this.fetchPrefix(wanted.prefix);
    if (await this.has(wanted.commit)) return wanted.commit;
    const target = wanted.kind === 'ref' ? wanted.name : wanted.commit;
    const shallow = await this.git(
      [
        ...this.inCache,
        'fetch',
        '--quiet',
        '--no-tags',
        '--no-write-fetch-head',
        '--no-recurse-submodules',
        '--depth=1',
        'steward',
        `+${target}:refs/steward/last`,
      ],
      true,
    );
    if (shallow.status === 0) {
      // A branch may have moved since it was looked up: what came is what counts.
      const commit = await this.revParse('refs/steward/last^{commit}');
      if (commit !== null) return commit;
      throw wanted.kind === 'commit' ? this.noCommit(wanted.commit) : new CacheBroken('the fetched commit is missing');
    }
    if (wanted.kind === 'ref' || shallow.killed !== null) throw this.fetchError(shallow);
    // Some servers hand out only what a branch or tag points at.
    await this.fetchAll();
    if (await this.has(wanted.commit)) return wanted.commit;
    throw this.noCommit(wanted.commit);
  }

  /** Each fetch leaves a pack; many of them make git slow. */
  private async tidy(): Promise<void> {
    const packs = await readdir(join(this.cache, 'objects', 'pack')).catch(() => []);
    if (packs.length > 200) await this.local(['gc', '--quiet', '--prune=now']);
  }

  private async fetchPrefix(prefix: string): Promise<string> {
    await this.fetchAll();
    const result = await this.local(['rev-parse', `--disambiguate=${prefix}`]);
    const objects = result.stdout
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '');
    const commits = new Set<string>();
    for (const object of objects) {
      if (await this.has(object)) commits.add(object);
    }
    const [first] = commits;
    if (first === undefined) throw this.noCommit(prefix);
    if (commits.size === 1) return first;
    const all = [...commits].slice(0, 5).map((commit) => commit.slice(0, 12));
    throw new SourceError(
      'revision_unknown',
      `"${prefix}" stands for several commits of ${this.url.shown} (${all.join(', ')}): write more digits`,
    );
  }

  private async fetchAll(): Promise<void> {
    const shallow = (await stat(join(this.cache, 'shallow')).catch(() => null)) !== null;
    const result = await this.git(
      [
        ...this.inCache,
        ...['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules', '--prune'],
        ...(shallow ? ['--unshallow'] : []),
        ...['steward', '+refs/heads/*:refs/steward/heads/*', '+refs/tags/*:refs/steward/tags/*'],
      ],
      true,
    );
    if (result.status !== 0) throw this.fetchError(result);
  }

  /** `ls-remote` has just worked, so what fails now may well be our copy. */
  private fetchError(result: GitResult): Error {
    const broken =
      /corrupt|bad object|object file|not a git repository|unable to (?:read|find|parse)|missing (?:blob|tree|commit|object)|did not send all necessary objects|shallow/i;
    return broken.test(result.stderr)
      ? new CacheBroken(result.stderr.slice(0, 300))
      : toSourceError(result, this.url, this.options.timeoutMs);
  }

  private readonly noCommit = (commit: string): SourceError =>
    new SourceError('revision_unknown', `${this.url.shown} has no commit ${commit}: write one that has been pushed`);

  /** Whether an object is a commit whose files are at hand. */
  private async has(object: string): Promise<boolean> {
    const result = await this.local(['cat-file', '-t', object]);
    return result.status === 0 && result.stdout.toString('utf8').trim() === 'commit';
  }

  private async revParse(expression: string): Promise<string | null> {
    const result = await this.local(['rev-parse', '--verify', '--quiet', '--end-of-options', expression]);
    const commit = result.stdout.toString('utf8').trim();
    return result.status === 0 && /^[0-9a-f]{40,64}$/.test(commit) ? commit : null;
  }

  private get inCache(): string[] {
    return [`--git-dir=${this.cache}`];
  }

  private local: CacheGit = (args, more = {}) => this.git([...this.inCache, ...args], false, more);

  private async remote(args: readonly string[]): Promise<GitResult> {
    const result = await this.git(args, true);
    if (result.status !== 0) throw toSourceError(result, this.url, this.options.timeoutMs);
    return result;
  }

  private async git(
    args: readonly string[],
    network = false,
    more: { input?: string; maxBytes?: number } = {},
  ): Promise<GitResult> {
    const result = await runGit([...this.settings(network), ...args], {
      timeoutMs: this.left(),
      signal: this.signal,
      cwd: this.options.cacheFolder,
      maxBytes: 64 * 1024 * 1024,
      ...more,
      // By the environment, so that the list of processes does not show a credential.
      env: network
        ? {
            ...this.options.env,
            GIT_CONFIG_COUNT: '1',
            GIT_CONFIG_KEY_0: 'remote.steward.url',
            GIT_CONFIG_VALUE_0: this.url.url,
          }
        : {},
    });
    if (result.killed === 'aborted') this.signal?.throwIfAborted();
    if (result.killed === 'timeout') throw toSourceError(result, this.url, this.options.timeoutMs);
    return result;
  }

  private settings(network: boolean): string[] {
    if (!network) return [];
    const helper = this.options.credentialHelper;
    return [
      ...['-c', 'credential.helper='],
      ...(helper === undefined ? [] : ['-c', `credential.helper=${helper}`]),
      ...(this.url.isPath ? ['-c', 'protocol.file.allow=always'] : []),
    ];
  }

  private left(): number {
    return Math.max(this.deadline - Date.now(), 1);
  }
}
