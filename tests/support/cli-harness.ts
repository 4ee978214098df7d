import {
  runCli,
  type InstanceCard,
  type Io,
  type ServiceHandle,
  type Session,
  type Workspace,
} from '../../src/cli/index.js';
import type { ApplyJournal, DefinitionsSource, InterruptedApply } from '../../src/app/ports.js';
import { CliError } from '../../src/cli/failure.js';
import { MemoryOdoo } from './memory-odoo.js';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const steward = 'namespace: acme\n';

/** A code action with a schedule and a trigger; `name` and `code` are what tests change. */
export const tidy = (over: { name?: string; code?: string; extra?: string } = {}): Record<string, string> => ({
  'tidy.yaml': `id: tidy\nname: ${over.name ?? 'Tidy'}\nmodel: res.partner\naction: { kind: code, code: tidy.py, groups: [base.group_system] }\n${over.extra ?? 'schedule: { every: 1 day }\n'}`,
  'tidy.py': over.code ?? "log('tidy')\n",
});

/** The command line in this process: definitions, Odoo and terminal are the test's own. */
export class CliHarness {
  readonly odoo = new MemoryOdoo();
  files: Record<string, string> = tidy();
  cards: InstanceCard[] = [card('prod')];
  /** Answers of the person at the terminal; undefined: there is none. */
  answers: string[] | undefined;
  questions: string[] = [];
  onAsk: () => void = () => undefined;
  interrupted: InterruptedApply | null = null;
  storeError: Error | null = null;
  journaled: string[] = [];
  written = new Map<string, string>();
  interrupt: (count: number) => void = () => undefined;
  service: ServiceHandle = {
    url: 'http://127.0.0.1:3000',
    howToAddInstance: null,
    hasKeys: true,
    stop: () => Promise.resolve(),
    cut: () => undefined,
  };
  now = Date.parse('2026-11-20T10:07:00Z');

  async run(...argv: string[]): Promise<Ran> {
    let out = '';
    let err = '';
    const { answers } = this;
    const io: Io = {
      stdout: { write: (text) => void (out += text), isTerminal: false, hasColor: false },
      stderr: { write: (text) => void (err += text), isTerminal: false, hasColor: false },
      ask:
        answers === undefined
          ? null
          : (question) => {
              this.questions.push(question);
              this.onAsk();
              return Promise.resolve(answers.shift() ?? null);
            },
      now: () => this.now,
      timeZone: 'Europe/Brussels',
      onInterrupt: (handler) => {
        this.interrupt = handler;
        return () => {
          this.interrupt = () => undefined;
        };
      },
      files: {
        write: (path, text) => Promise.resolve(void this.written.set(path, text)),
        exists: (path) => Promise.resolve(this.written.has(path)),
      },
    };
    const code = await runCli({
      argv,
      version: '1.2.3',
      debug: false,
      io,
      workspace: () => Promise.resolve(this.space()),
      startService: () => Promise.resolve(this.service),
      openStore: () => Promise.reject(new Error('no store is opened here')),
    });
    return { code, out, err };
  }

  private space(): Workspace {
    return {
      instances: this.cards,
      instancesFrom: 'instances.yaml',
      open: (name) => Promise.resolve(this.session(name)),
      definitions: (from) => Promise.resolve(from === 'default' ? null : this.source),
      python: { check: () => Promise.resolve([]) },
    };
  }

  private get source(): DefinitionsSource {
    return {
      read: () => {
        const files = Object.entries({ 'steward.yaml': steward, ...this.files }).map(([path, text]) => ({
          path,
          text,
        }));
        return Promise.resolve({ revision: null, description: 'defs', files });
      },
    };
  }

  private session(name: string): Session {
    const { reader: upReader, writer, runner } = this.odoo;
    const noAnswer = (): Promise<never> => Promise.reject(new CliError('odoo_unreachable', 'down: nobody answers.'));
    const reader = name === 'down' ? { ...upReader, read: noAnswer } : upReader;
    return {
      target: { instance: name, environment: null, url: 'http://odoo.test' },
      source: this.source,
      python: { check: () => Promise.resolve([]) },
      secrets: { names: () => [], digest: () => null, describe: (secret) => secret },
      ...{ reader, writer, runner },
      records: {
        search: (model, domain, limit) => {
          this.odoo.searches.push({ model, domain });
          return Promise.resolve(this.odoo.found.slice(0, limit));
        },
      },
      access: null,
      journal: this.journal,
      contact: () => Promise.resolve({ serie: '19.0', protocol: 'json2', userId: 7, login: 'sync@acme' }),
      close: () => undefined,
    };
  }

  private readonly journal: ApplyJournal = {
    begin: ({ total }) => {
      this.journaled.push(`begin ${total}`);
      return Promise.resolve({
        wrote: (results) => Promise.resolve(void this.journaled.push(`wrote ${results.length}`)),
        end: (outcome) => Promise.resolve(void this.journaled.push(`end ${outcome}`)),
      });
    },
    interrupted: () => (this.storeError === null ? Promise.resolve(this.interrupted) : Promise.reject(this.storeError)),
  };
}

export function card(name: string, over: Partial<InstanceCard> = {}): InstanceCard {
  const credential = { login: 'sync@acme', kind: 'api_key', isFallback: false } as const;
  return {
    name,
    url: 'http://odoo.test',
    database: 'prod',
    environment: null,
    protocol: 'auto',
    definitions: 'defs',
    credentials: { sync: credential, run: { ...credential, isFallback: true }, monitor: credential },
    ...over,
  };
}
