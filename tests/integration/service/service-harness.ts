import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { createFirstKey } from '../../../src/app/service/keys.js';
import { newId, serve, type RunningService } from '../../../src/serve.js';
import { loadSettings } from '../../../src/settings/index.js';
import { openStore } from '../../../src/store/index.js';
import type { TestDatabase } from '../../odoo/index.js';
import type { OpenApiDocument } from '../../../src/http/openapi.js';
import { TempRepository } from '../git/temp-repository.js';
import { createDocumentChecker } from '../http/document-checker.js';
import { mkdirSync, writeFileSync } from 'node:fs';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // Tests look into answers of every shape; the contract of each is checked elsewhere.
  readonly body: Record<string, unknown>;
}

export const HOOK_SECRET = 'a-secret-of-the-webhook';

/** The whole service over a real Odoo and a real git repository. */
export class ServiceHarness {
  readonly repository = new TempRepository();
  readonly folder = mkdtempSync(join(tmpdir(), 'steward-service-'));
  key = '';
  #service: RunningService | null = null;
  #document: OpenApiDocument = { openapi: '3.1.0', info: { title: '', version: '' } };

  constructor(
    private readonly database: TestDatabase,
    private readonly sync = 'policy: manual\n      poll: "off"\n      check_drift: "off"',
    private readonly databaseUrl: string | null = null,
  ) {}

  async start(): Promise<void> {
    const environment = this.#environment();
    const settings = loadSettings({ environment, folder: this.folder, needsInstance: false });
    if (this.key === '') {
      const store = await openStore({ url: this.databaseUrl, file: settings.service.databaseFile });
      const by = { actor: 'cli:test', requestId: null };
      this.key = (await createFirstKey({ store, now: Date.now, newId }, 'test', by)).secret;
      await store.close();
    }
    this.#service = await serve({ settings, environment, log: pino({ level: 'silent' }) });
    this.#document = (await (await fetch(`${this.url}/openapi.json`)).json()) as OpenApiDocument;
  }

  async stop(): Promise<void> {
    await this.#service?.stop();
    this.#service = null;
  }

  async dispose(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  get url(): string {
    if (this.#service === null) throw new Error('The service does not run');
    return this.#service.url;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('GET', path, undefined, headers);
  }

  post(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('POST', path, body, headers);
  }

  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${this.key}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    this.#mustBeAsDocumented(method, path, response, text);
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      body: isJson ? (JSON.parse(text) as Record<string, unknown>) : { text },
    };
  }

  /** Every answer of every test is held against the OpenAPI document. */
  #mustBeAsDocumented(method: string, path: string, response: Response, text: string): void {
    const asked = `/api/v1${path.split('?', 1)[0] ?? ''}`;
    const fits = (template: string): boolean => new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(asked);
    const template = Object.keys(this.#document.paths ?? {}).find(fits);
    if (template === undefined) throw new Error(`${asked} is not in the document`);
    const type = (response.headers.get('content-type') ?? '').split(';', 1)[0] ?? '';
    const route = { method: method.toLowerCase() as 'get', path: template };
    const wrong = createDocumentChecker(this.#document)({ prefix: '', route }, { status: response.status, type, text });
    if (wrong !== null) throw new Error(`${method} ${asked} answered otherwise than documented: ${wrong}\n${text}`);
  }

  /** A push as GitHub tells of it. */
  async push(revision: string, delivery: string, secret = HOOK_SECRET): Promise<Answer> {
    const body = JSON.stringify({
      ref: 'refs/heads/main',
      before: '1'.repeat(40),
      after: revision,
      repository: {
        clone_url: 'https://git.test/acme/actions.git',
        html_url: 'https://git.test/acme/actions',
        default_branch: 'main',
      },
    });
    const response = await fetch(`${this.url}/api/v1/webhooks/acme-actions`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'X-GitHub-Event': 'push',
        'X-GitHub-Delivery': delivery,
        'X-Hub-Signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      },
      body,
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
  }

  /** Plans and applies what stands in git now; returns the apply. */
  async apply(options: Record<string, unknown> = {}): Promise<Answer> {
    const plan = await this.post('/instances/odoo/plans', options);
    const { digest } = plan.body;
    return this.post('/instances/odoo/applies', { ...options, digest }, { Prefer: 'wait=60' });
  }

  #environment(): Record<string, string> {
    const { url, name, sync } = this.database;
    mkdirSync(join(this.folder, 'config'), { recursive: true });
    writeFileSync(
      join(this.folder, 'config', 'instances.yaml'),
      `instances:
  odoo:
    url: ${url}
    database: ${name}
    environment: production
    definitions: { git: "${this.repository.path}", ref: main }
    sync:
      ${this.sync}
    credentials:
      sync: { login: "${sync.login}", api_key: "\${TEST_KEY}" }
repositories:
  - url: https://git.test/acme/actions.git
    forge: github
    webhook_secrets:
      - \${TEST_HOOK}
`,
    );
    return {
      HOME: this.folder,
      PATH: process.env['PATH'] ?? '',
      TEST_KEY: sync.apiKey,
      TEST_HOOK: HOOK_SECRET,
      STEWARD_STATE: join(this.folder, 'state'),
      STEWARD_CACHE: join(this.folder, 'cache'),
      STEWARD_LISTEN: '127.0.0.1:0',
      ...(this.databaseUrl === null ? {} : { DATABASE_URL: this.databaseUrl }),
    };
  }
}
