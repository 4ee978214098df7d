import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { promisify } from 'node:util';

export interface Instruction {
  readonly name: string;
  readonly value: string;
}

export interface Stage {
  readonly image: string;
  /** `AS` this, else its number. */
  readonly name: string;
  readonly instructions: readonly Instruction[];
}

/** A Dockerfile as its stages: comments away, continued lines joined. Knows the instructions that ours uses. */
export function parseDockerfile(text: string): readonly Stage[] {
  const lines = text
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const stages: { image: string; name: string; instructions: Instruction[] }[] = [];
  for (const line of lines) {
    const [, name = '', value = ''] = /^\s*([A-Z]+)\s+(.*?)\s*$/.exec(line) ?? [];
    if (name === '') throw new Error(`This line is no instruction: ${line}`);
    if (name === 'FROM') {
      const [image = '', , as = String(stages.length)] = value.split(/\s+/);
      stages.push({ image, name: as, instructions: [] });
    } else stages.at(-1)?.instructions.push({ name, value });
  }
  return stages;
}

export const valuesOf = ({ instructions }: Stage, name: string): string[] =>
  instructions.filter((one) => one.name === name).map(({ value }) => value);

/** `KEY=value KEY=value` of all ENV lines. */
export const environmentOf = (stage: Stage): Record<string, string> =>
  Object.fromEntries(
    valuesOf(stage, 'ENV')
      .flatMap((value) => value.split(/\s+/))
      .map((pair): [string, string] => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );

/** The exec form of CMD, and of what follows CMD in a HEALTHCHECK. */
export const commandOf = (value: string): string[] => JSON.parse(value.slice(value.indexOf('['))) as string[];

/** Whether a file of the context is sent to the builder: the last pattern that fits it, or a folder it is in, decides. */
export function createIgnore(text: string): (path: string) => boolean {
  const patterns = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const isException = line.startsWith('!');
      const glob = line.replace(/^!/, '').replace(/[.+^${}()|[\]\\]/g, '\\$&');
      return { isException, fits: new RegExp(`^${glob.replace(/\*/g, '[^/]*')}(/.*)?$`) };
    });
  return (path) =>
    patterns.reduce((ignored, { isException, fits }) => (fits.test(path) ? !isException : ignored), false);
}

export interface BuildInput {
  readonly stages: readonly Stage[];
  /** The folder that holds the Dockerfile. */
  readonly context: string;
  /** Each stage gets a folder in it that stands for `/`. */
  readonly folder: string;
}

const run = promisify(execFile);
/** Paths of the image, as they stand in commands. */
const IMAGE_PATH = /(^|[\s="'])\/(?=app\b|usr\/|var\/)/g;

/**
 * Does what `docker build` does with the COPY and RUN lines, without a container: `/` of each stage is a folder. Lines
 * that ask the system's package manager are left out. Stages run side by side, as far as one does not copy from another.
 */
export async function buildImage({ stages, context, folder }: BuildInput): Promise<string> {
  const isIgnored = createIgnore(await readFile(join(context, '.dockerignore'), 'utf8'));
  const built = new Map<string, Promise<string>>();
  for (const stage of stages) built.set(stage.name, build(stage));
  await Promise.all(built.values());
  return built.get(stages.at(-1)?.name ?? '') ?? '';

  async function build({ name, instructions }: Stage): Promise<string> {
    // The stages after this one are not in the map before this function has come to its first wait.
    const root = join(folder, name);
    await mkdir(join(root, 'usr/local/bin'), { recursive: true });
    let workdir = '/';
    for (const { name: instruction, value } of instructions) {
      if (instruction === 'WORKDIR') {
        workdir = posix.resolve(workdir, value);
        await mkdir(join(root, workdir), { recursive: true });
      } else if (instruction === 'COPY') await copy(root, workdir, value);
      else if (instruction === 'RUN' && !value.startsWith('apt-get ')) await execute(root, workdir, value);
    }
    return root;
  }

  async function copy(root: string, workdir: string, value: string): Promise<void> {
    const [, from = null, rest = ''] = /^(?:--from=(\S+)\s+)?(.*)$/.exec(value) ?? [];
    const words = rest.split(/\s+/);
    const target = words.pop() ?? '';
    const origin = from === null ? context : ((await built.get(from)) ?? '');
    for (const source of words) {
      const found = from === null ? await sources(source) : [source];
      if (found.length === 0) throw new Error(`COPY finds nothing at ${source}: see .dockerignore`);
      for (const path of found) {
        const isFolder = (await stat(join(origin, path))).isDirectory();
        const into = target.endsWith('/') && !isFolder ? posix.join(target, posix.basename(path)) : target;
        const destination = join(root, posix.resolve(workdir, into));
        await mkdir(dirname(destination), { recursive: true });
        await cp(join(origin, path), destination, {
          recursive: true,
          verbatimSymlinks: true,
          filter: async (file) =>
            from !== null || (await stat(file)).isDirectory() || !isIgnored(file.slice(context.length + 1)),
        });
      }
    }
  }

  async function sources(pattern: string): Promise<string[]> {
    const parent = posix.dirname(pattern);
    const name = new RegExp(
      `^${posix
        .basename(pattern)
        .replace(/[.+^$]/g, '\\$&')
        .replace(/\*/g, '[^/]*')}$`,
    );
    const names = (await readdir(join(context, parent))).filter((one) => name.test(one));
    return names.map((one) => posix.join(parent, one)).filter((path) => !isIgnored(path));
  }
}

async function execute(root: string, workdir: string, command: string): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  const here = command.replace(IMAGE_PATH, `$1${root}/`);
  const ours = isRoot ? here : here.replace(/ -[og] \d+/g, '');
  // What is in npm's cache need not be fetched once more.
  const env = { ...process.env, NODE_OPTIONS: '', npm_config_prefer_offline: 'true' };
  await run('sh', ['-ec', ours], { cwd: join(root, workdir), maxBuffer: 16e6, env }).catch((error: unknown) => {
    // The compiler says what is wrong on stdout.
    const said = error instanceof Error && 'stdout' in error ? String(error.stdout) : '';
    throw new Error(`RUN ${command} failed: ${said}`, { cause: error });
  });
}

/** A path of the image in the folder that stands for it. */
export const inImage = (root: string, path: string): string => path.replace(IMAGE_PATH, `$1${root}/`);
