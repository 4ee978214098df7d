import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseDuration } from '../domain/definitions/interval.js';
import { readYaml, type Path, type YamlFile } from '../domain/definitions/read-yaml.js';
import { checkSchema } from '../domain/definitions/schema-problems.js';
import type { Problem } from '../domain/problem.js';
import { refuseLiterals } from './refuse-literals.js';
import { Secret } from './secret.js';
import type { CredentialSettings, DefinitionsSettings, InstanceSettings, LimitSettings } from './settings.js';
import {
  urlProblem,
  writtenInstances,
  type WrittenCredential,
  type WrittenInstance,
  type WrittenInstances,
  type WrittenSecret,
} from './written-instances.js';

export interface ReadInstances {
  readonly instances: readonly InstanceSettings[];
  readonly problems: readonly Problem[];
  /** Variables that the file names with `${NAME}`. */
  readonly references: ReadonlySet<string>;
}

export interface InstancesFile {
  /** Absolute. */
  readonly path: string;
  /** As it is shown in problems. */
  readonly shownAs: string;
  readonly text: string;
}

type Variables = (name: string) => string | null;

/** Every instance of the file, or every mistake in it. */
export function readInstances(file: InstancesFile, variables: Variables): ReadInstances {
  const references = new Set([...file.text.matchAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g)].map(([, name]) => name ?? ''));
  const { yaml, problems: syntax } = readYaml({ path: file.shownAs, text: file.text });
  if (yaml === null) return { instances: [], problems: syntax, references };
  const refused = refuseLiterals(yaml);
  const { written, problems } = checkSchema(writtenInstances, refused.value, yaml);
  const found = [...refused.problems, ...problems].sort(byPlace);
  if (written === null || refused.problems.length > 0) return { instances: [], problems: found, references };
  const resolver = new InstanceResolver(yaml, dirname(file.path), variables, written);
  const instances = Object.entries(written.instances).map(([name, one]) => resolver.resolve(name, one));
  if (instances.length === 0) resolver.report(['instances'], 'instances_missing', '`instances` is empty: name one');
  return { instances, problems: [...found, ...resolver.problems], references };
}

class InstanceResolver {
  readonly problems: Problem[] = [];

  constructor(
    private readonly yaml: YamlFile,
    private readonly folder: string,
    private readonly variables: Variables,
    private readonly written: WrittenInstances,
  ) {}

  report(path: Path, code: string, message: string, severity: Problem['severity'] = 'error'): void {
    this.problems.push({ severity, code, message, at: this.yaml.at(path) });
  }

  resolve(name: string, written: WrittenInstance): InstanceSettings {
    const at = ['instances', name];
    const defaults = this.written.defaults ?? {};
    const protocol = written.protocol ?? defaults.protocol ?? 'auto';
    const definitions = written.definitions ?? defaults.definitions ?? null;
    const caFile = written.ca_file ?? defaults.ca_file ?? null;
    return {
      name,
      url: this.address(written.url, [...at, 'url']),
      database: this.fill(written.database, [...at, 'database']),
      environment: written.environment ?? defaults.environment ?? null,
      protocol,
      definitions:
        definitions === null
          ? null
          : this.definitions(definitions, [...(written.definitions === undefined ? ['defaults'] : at), 'definitions']),
      limits: { ...toLimits(defaults.limits), ...toLimits(written.limits) },
      ca:
        caFile === null ? null : this.file(caFile, [...(written.ca_file === undefined ? ['defaults'] : at), 'ca_file']),
      credentials: this.credentials(written.credentials, protocol, [...at, 'credentials']),
    };
  }

  private address(text: string, path: Path): string {
    const url = this.fill(text, path);
    const problem = text.includes('${') && url !== '' ? urlProblem(url) : null;
    if (problem !== null)
      this.report(path, 'wrong_value', `\`url\`, as the variables make it, cannot be used: ${problem}`);
    if (isPlainOverTheNet(url))
      this.report(path, 'plain_http', 'Credentials travel unencrypted over http://: use https://', 'warning');
    return url.replace(/\/+$/, '');
  }

  /** Text with its `${NAME}` filled in. */
  private fill(text: string, path: Path): string {
    return text.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_whole, name: string) => {
      const value = this.variables(name);
      if (value !== null) return value;
      this.report(path, 'variable_missing', `${name} is not set: put it into the environment or .env`);
      return '';
    });
  }

  private definitions(written: NonNullable<WrittenInstance['definitions']>, path: Path): DefinitionsSettings {
    if (typeof written === 'string') return toDefinitions(this.fill(written, path), null, null, this.folder);
    if (written.folder !== undefined)
      return { kind: 'folder', folder: resolve(this.folder, this.fill(written.folder, [...path, 'folder'])) };
    return {
      kind: 'git',
      url: this.fill(written.git ?? '', [...path, 'git']),
      ref: written.ref === undefined ? null : this.fill(written.ref, [...path, 'ref']),
      path: written.path ?? null,
    };
  }

  private credentials(
    written: WrittenInstance['credentials'],
    protocol: InstanceSettings['protocol'],
    path: Path,
  ): InstanceSettings['credentials'] {
    const sync = this.credential(written.sync, protocol, [...path, 'sync']);
    const other = (role: 'run' | 'monitor'): CredentialSettings => {
      const own = written[role];
      return own === undefined ? { ...sync, isFallback: true } : this.credential(own, protocol, [...path, role]);
    };
    return { sync, run: other('run'), monitor: other('monitor') };
  }

  private credential(written: WrittenCredential, protocol: string, path: Path): CredentialSettings {
    const kind = written.api_key === undefined ? 'password' : 'api_key';
    const rule = credentialRule(protocol, kind, written.login !== undefined);
    if (rule !== null) this.report(path, 'wrong_credential', rule);
    const secret = this.secret(written.api_key ?? written.password, [...path, kind]);
    return {
      login: written.login === undefined ? '' : this.fill(written.login, [...path, 'login']),
      kind,
      secret: new Secret(secret),
      isFallback: false,
    };
  }

  private secret(written: WrittenSecret | undefined, path: Path): string {
    if (written === undefined) return '';
    if (typeof written === 'string') return this.fill(written, path);
    const secret = this.file(written.file, [...path, 'file'])?.trim();
    if (secret === '')
      this.report([...path, 'file'], 'secret_empty', `${written.file} is empty: put the secret into it`);
    return secret ?? '';
  }

  private file(path: string, at: Path): string | null {
    try {
      return readFileSync(resolve(this.folder, path), 'utf8');
    } catch (error) {
      this.report(at, 'file_unreadable', `${path} cannot be read (${errorCode(error)}): mend the path or its rights`);
      return null;
    }
  }
}

/** What is wrong with a credential for a protocol, or null. */
export function credentialRule(protocol: string, kind: CredentialSettings['kind'], hasLogin: boolean): string | null {
  if (protocol === 'json2' && kind === 'password') return 'JSON-2 takes no password: give an API key';
  if (protocol === 'session' && kind === 'api_key') return 'A web session takes no API key: give a password';
  if (!hasLogin && protocol !== 'json2') return 'The login is missing: give it, or protocol json2, which needs none';
  return null;
}

/** A folder, or the address of a git repository, told apart by how it is spelled. */
export function toDefinitions(
  text: string,
  ref: string | null,
  path: string | null,
  folder: string,
): DefinitionsSettings {
  const isAddress = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) || /^[\w.-]+@[\w.-]+:/.test(text);
  if (isAddress) return { kind: 'git', url: text, ref, path };
  if (ref !== null || path !== null) return { kind: 'git', url: resolve(folder, text), ref, path };
  return { kind: 'folder', folder: resolve(folder, text) };
}

export function isPlainOverTheNet(url: string): boolean {
  return /^http:/i.test(url) && !/^http:\/\/(localhost|127\.|\[::1\]|[^/.:]+([:/]|$))/i.test(url);
}

function toLimits(written: WrittenInstance['limits']): LimitSettings {
  if (written === undefined) return {};
  const milliseconds = (text: string | undefined): number | undefined =>
    text === undefined ? undefined : (parseDuration(text) ?? 0) * 1000;
  const limits = {
    concurrency: written.concurrency,
    requestsPerSecond: written.requests_per_second,
    timeoutMs: milliseconds(written.timeout),
    connectTimeoutMs: milliseconds(written.connect_timeout),
  };
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}

const byPlace = (one: Problem, other: Problem): number =>
  (one.at?.line ?? 0) - (other.at?.line ?? 0) || (one.at?.column ?? 0) - (other.at?.column ?? 0);

export const errorCode = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'unreadable';
