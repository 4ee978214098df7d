import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openServiceStore, startService } from '../../src/cli-service.js';
import { openWorkspace } from '../../src/cli-workspace.js';
import { runCli, type Io } from '../../src/cli/index.js';
import type { ApplyEntry } from '../../src/app/service/store.js';
import { openStore } from '../../src/store/index.js';
import type { Credential, TestDatabase } from '../odoo/index.js';

const root = join(import.meta.dirname, '../..');

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command line in a folder of its own, against a real Odoo. */
export class CliProcess {
  readonly folder = mkdtempSync(join(tmpdir(), 'steward-cli-'));
  /** All that was ever printed: no secret may be in it. */
  printed = '';
  environment: Record<string, string> = {};

  constructor(database: Pick<TestDatabase, 'url' | 'name'>, credential: Credential) {
    this.write({
      'instances.yaml': `instances:\n  prod:\n    url: ${database.url}\n    database: ${database.name}\n    definitions: definitions\n    credentials:\n      sync:\n        login: ${credential.login}\n        api_key: \${PROD_KEY}\n`,
      '.env': `PROD_KEY=${credential.apiKey}\n`,
      'definitions/steward.yaml': 'namespace: acme\n',
    });
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), text);
    }
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  private get variables(): Record<string, string> {
    const { PATH = '', HOME = '' } = process.env;
    return { PATH, HOME, TZ: 'UTC', STEWARD_STATE: join(this.folder, 'state'), ...this.environment };
  }

  start(...argv: string[]): ChildProcess {
    return spawn(
      process.execPath,
      ['--import', join(root, 'node_modules/tsx/dist/esm/index.mjs'), join(root, 'src/cli.ts'), ...argv],
      {
        cwd: this.folder,
        env: this.variables,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
  }

  /** In a process of its own. */
  spawn(...argv: string[]): Promise<Ran> {
    const child = this.start(...argv);
    let out = '';
    let err = '';
    child.stdout?.on('data', (part: Buffer) => (out += part.toString()));
    child.stderr?.on('data', (part: Buffer) => (err += part.toString()));
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => {
        this.printed += out + err;
        resolve({ code, out, err });
      });
    });
  }

  /** In this process, with the real settings and adapters: the same, but for the terminal, in a tenth of the time. */
  async run(...argv: string[]): Promise<Ran> {
    let out = '';
    let err = '';
    const io: Io = {
      stdout: { write: (text) => void (out += text), isTerminal: false, hasColor: false },
      stderr: { write: (text) => void (err += text), isTerminal: false, hasColor: false },
      ask: null,
      now: Date.now,
      timeZone: 'UTC',
      onInterrupt: () => () => undefined,
      files: {
        write: (path, text) => {
          this.write({ [path]: text });
          return Promise.resolve();
        },
        exists: (path) => Promise.resolve(existsSync(join(this.folder, path))),
      },
    };
    const source = { environment: this.variables, folder: this.folder, stderr: io.stderr };
    const code = await runCli({
      ...{ argv, version: '1.2.3', io },
      debug: this.environment['STEWARD_DEBUG'] === '1',
      workspace: (options) => openWorkspace({ ...source, ...options }),
      startService: () => startService(source),
      openStore: () => openServiceStore(source),
    });
    this.printed += out + err;
    return { code, out, err };
  }

  /** The newest apply, and what of it Odoo has confirmed; null: there was none. */
  async lastApply(): Promise<{ readonly entry: ApplyEntry; readonly written: readonly string[] } | null> {
    const file = join(this.folder, 'state/steward.db');
    if (!existsSync(file)) return null;
    const store = await openStore({ url: null, file });
    try {
      const [entry] = (await store.applies.list('prod', { limit: 1, cursor: null })).items;
      if (entry === undefined) return null;
      const results = await store.applies.results(entry.id);
      return {
        entry,
        written: results.filter(({ status }) => status === 'written').map(({ externalId }) => externalId),
      };
    } finally {
      await store.close();
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
