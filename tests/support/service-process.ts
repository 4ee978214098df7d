import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { CliProcess, Ran } from './cli-process.js';

/** `odoo-steward serve` in a process of its own, on a free port. */
export class ServiceProcess {
  out = '';
  err = '';
  readonly #ended: Promise<Ran>;

  private constructor(private readonly child: ChildProcess) {
    child.stdout?.on('data', (part: Buffer) => (this.out += part.toString()));
    child.stderr?.on('data', (part: Buffer) => (this.err += part.toString()));
    this.#ended = once(child, 'close').then(([code]) => ({
      code: code as number | null,
      out: this.out,
      err: this.err,
    }));
  }

  /** Resolves when it listens; rejects, with what it said, when it ends before. */
  static async start(cli: CliProcess): Promise<ServiceProcess> {
    cli.environment = { STEWARD_LISTEN: '127.0.0.1:0', ...cli.environment };
    const service = new ServiceProcess(cli.start('serve'));
    await service.says(/listens on/);
    return service;
  }

  get url(): string {
    return /listens on (\S+)/.exec(this.err)?.[1] ?? '';
  }

  /** Resolves when stderr has it. */
  async says(words: RegExp): Promise<void> {
    const { stderr } = this.child;
    while (!words.test(this.err)) {
      if (stderr === null || this.child.exitCode !== null) throw new Error(`The service ended: ${this.err}`);
      await Promise.race([once(stderr, 'data'), this.#ended]);
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** How it ended. */
  end(): Promise<Ran> {
    return this.#ended;
  }

  async get(path: string, key?: string): Promise<{ readonly status: number; readonly body: string }> {
    return this.#send('GET', path, key);
  }

  /** Without waiting for what it sets off. */
  async post(path: string, key: string, body: object): Promise<{ readonly status: number; readonly body: string }> {
    return this.#send('POST', path, key, JSON.stringify(body));
  }

  async #send(method: string, path: string, key?: string, body?: string) {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json', Prefer: 'respond-async' }),
      },
      ...(body === undefined ? {} : { body }),
    });
    return { status: response.status, body: await response.text() };
  }
}
