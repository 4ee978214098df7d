import { createHash } from 'node:crypto';
import { applyPlan, type ApplyOptions, type ApplyReport } from '../../src/app/apply-plan.js';
import { makePlan, type MadePlan, type PlanRequest, type PlanTarget } from '../../src/app/make-plan.js';
import type {
  ApplyJournal,
  DefinitionsSource,
  LiveReader,
  LiveWriter,
  PythonChecker,
  SecretStore,
} from '../../src/app/ports.js';
import { createLiveReader, createLiveWriter } from '../../src/odoo/gateway/index.js';
import { connect, type CallEvent, type ConnectOptions, type OdooClient, type Protocol } from '../../src/odoo/index.js';
import type { Credential, OdooVersion, TestDatabase } from '../odoo/index.js';

/** Definition files by path; a test states only what it is about. */
export type Files = Readonly<Record<string, string>>;

export const steward = 'namespace: acme\n';

/** A code action's two files. `extra` is YAML that comes after the action. */
export function codeDefinition(
  id: string,
  code: string,
  extra = '',
  over: { name?: string; model?: string } = {},
): Files {
  return {
    [`${id}.yaml`]: `id: ${id}\nname: ${over.name ?? id.replace(/_/g, ' ')}\nmodel: ${over.model ?? 'res.partner'}\naction:\n  kind: code\n  code: ${id}.py\n  groups: [base.group_system]\n${extra}`,
    [`${id}.py`]: code,
  };
}

/** Protocols that a version speaks, with the credential that each takes. */
export const protocolsOf: Readonly<Record<OdooVersion, readonly Protocol[]>> = {
  '14': ['jsonrpc', 'xmlrpc', 'session'],
  '19': ['json2', 'jsonrpc', 'xmlrpc', 'session'],
};

export function clientFor(
  database: Pick<TestDatabase, 'url' | 'name'>,
  user: Credential,
  protocol: Protocol | 'auto',
  over: Partial<ConnectOptions> = {},
): OdooClient {
  const password = protocol === 'session';
  if (password && user.password === null) throw new Error(`${user.login} has no password, which a web session takes`);
  return connect({
    instance: 'test',
    url: database.url,
    database: database.name,
    credential: {
      login: user.login,
      secret: password ? (user.password ?? '') : user.apiKey,
      kind: password ? 'password' : 'api_key',
    },
    protocol,
    ...over,
  });
}

/** Everything between definition files and a live database, as the command line puts it together. */
export class SyncHarness {
  readonly calls: CallEvent[] = [];
  readonly client: OdooClient;
  reader: LiveReader;
  writer: LiveWriter;
  files: Files = {};
  readonly #revision = (): string => createHash('sha1').update(JSON.stringify(this.files)).digest('hex');

  constructor(
    database: TestDatabase,
    readonly protocol: Protocol | 'auto',
    readonly target: PlanTarget = { instance: 'test', environment: null, url: database.url },
    over: Partial<ConnectOptions> = {},
    readonly secrets: SecretStore = noSecrets,
    resolveSecret: (name: string) => string = () => '',
  ) {
    // The sync user has no password, which is what we recommend; a web session takes one.
    const user = protocol === 'session' ? database.admin : database.sync;
    this.client = clientFor(database, user, protocol, { onCall: (event) => this.calls.push(event), ...over });
    this.reader = createLiveReader(this.client, { database: database.name });
    this.writer = createLiveWriter(this.client, { resolveSecret });
  }

  get source(): DefinitionsSource {
    const files = Object.entries({ 'steward.yaml': steward, ...this.files }).map(([path, text]) => ({ path, text }));
    return { read: () => Promise.resolve({ revision: this.#revision(), description: 'a test', files }) };
  }

  plan(request: PlanRequest = {}): Promise<MadePlan> {
    return makePlan(
      { source: this.source, python: trustingPython, reader: this.reader, secrets: this.secrets },
      this.target,
      request,
    );
  }

  apply(made: MadePlan, options: Partial<ApplyOptions> = {}): Promise<ApplyReport> {
    const ports = { reader: this.reader, writer: this.writer, journal: forgetfulJournal, now: Date.now };
    return applyPlan(ports, this.target, made, { digest: null, override: [], ...options });
  }

  /** Plans and applies, and returns the plan that comes after. */
  async sync(
    files: Files,
    request: PlanRequest = {},
    options: Partial<ApplyOptions> = {},
  ): Promise<{ report: ApplyReport; after: MadePlan }> {
    this.files = files;
    const report = await this.apply(await this.plan(request), options);
    return { report, after: await this.plan(request) };
  }

  /** Calls of the given phase since the last time, as `model.method`. */
  takeCalls(): string[] {
    return this.calls
      .splice(0)
      .filter((event) => event.phase === 'call')
      .map((event) => `${event.model}.${event.method}`);
  }

  close(): void {
    this.client.close();
  }
}

export const noSecrets: SecretStore = { names: () => [], digest: () => null, describe: (name) => name };

/** Python has tests of its own; here only Odoo's verdict counts. */
const trustingPython: PythonChecker = { check: () => Promise.resolve([]) };

const forgetfulJournal: ApplyJournal = {
  begin: () => Promise.resolve({ wrote: () => Promise.resolve(), end: () => Promise.resolve() }),
  interrupted: () => Promise.resolve(null),
};
