import { spawn } from 'node:child_process';

export interface GitResult {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
  /** It was killed: too slow, too much output, or no longer wanted. */
  readonly killed: 'timeout' | 'too_large' | 'aborted' | null;
}

export interface GitOptions {
  readonly timeoutMs: number;
  readonly cwd?: string;
  readonly maxBytes?: number;
  readonly input?: string;
  readonly signal?: AbortSignal | undefined;
  /** Added to the environment, for credentials. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The `git` binary is not installed. */
export class GitMissing extends Error {
  override readonly name = 'GitMissing';
}

/** Settings that hold whatever the repository or the machine says: nothing is executed, nothing is asked. */
const safe = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.attributesFile', '/dev/null'],
  ['protocol.allow', 'never'],
  ['protocol.https.allow', 'always'],
  ['protocol.http.allow', 'always'],
  ['protocol.ssh.allow', 'always'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['advice.detachedHead', 'false'],
].flatMap(([key, value]) => ['-c', `${key ?? ''}=${value ?? ''}`]);

/** Runs git without a shell. Resolves also when git fails; the caller words the error. */
export function runGit(args: readonly string[], options: GitOptions): Promise<GitResult> {
  const maxBytes = options.maxBytes ?? 16 * 1024 * 1024;
  return new Promise((resolve, reject) => {
    options.signal?.throwIfAborted();
    const child = spawn('git', [...safe, ...args], {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: { ...inherited(), ...quiet, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      // Its own group, so that a kill also reaches the ssh or helper that it started.
      detached: true,
    });
    const stdout: Buffer[] = [];
    let stderr = '';
    let size = 0;
    let killed: GitResult['killed'] = null;
    const kill = (why: NonNullable<GitResult['killed']>): void => {
      killed ??= why;
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        child.kill('SIGKILL');
      }
    };
    const timer = setTimeout(() => kill('timeout'), options.timeoutMs);
    const abort = (): void => kill('aborted');
    options.signal?.addEventListener('abort', abort, { once: true });
    const done = (): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', abort);
    };

    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) kill('too_large');
      else stdout.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (stderr.length < 64 * 1024) stderr += chunk.toString('utf8');
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      done();
      reject(error.code === 'ENOENT' ? new GitMissing('git is not installed', { cause: error }) : error);
    });
    child.on('close', (status) => {
      done();
      resolve({ status, stdout: Buffer.concat(stdout), stderr, killed });
    });
    // A git that ends early closes its input; its exit status tells why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

const quiet = {
  GIT_TERMINAL_PROMPT: '0',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_ASKPASS: '',
  SSH_ASKPASS: '',
  SSH_ASKPASS_REQUIRE: 'never',
  GIT_SSH_COMMAND: 'ssh -oBatchMode=yes',
  GCM_INTERACTIVE: 'never',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_PAGER: 'cat',
  LC_ALL: 'C',
} as const;

/** What git and ssh need to find programs, keys and proxies; no other GIT_… variable of the surrounding process. */
function inherited(): Record<string, string> {
  const wanted =
    /^(?:PATH|HOME|USER|LOGNAME|TMPDIR|SSH_AUTH_SOCK|SYSTEMROOT|(?:https?|all|no)_proxy|(?:GIT_)?SSL_(?:CERT_(?:FILE|DIR)|CAINFO|CAPATH))$/i;
  // eslint-disable-next-line no-restricted-properties -- git needs the machine's PATH and proxies, not settings of ours
  const { env } = process;
  const names = Object.keys(env).filter((name) => wanted.test(name));
  return Object.fromEntries(names.map((name) => [name, env[name] ?? '']));
}
