import { dirname, resolve } from 'node:path';
import { parseDuration } from '../domain/definitions/interval.js';
import { readYaml, type Path } from '../domain/definitions/read-yaml.js';
import { checkSchema } from '../domain/definitions/schema-problems.js';
import type { Problem } from '../domain/problem.js';
import { FileValues, REFERENCE, type Variables } from './file-values.js';
import { refuseLiterals } from './refuse-literals.js';
import { readRepositories, type FoundRepository } from './repository-settings.js';
import { Secret } from './secret.js';
import type { CredentialSettings, DefinitionsSettings, InstanceSettings, LimitSettings } from './settings.js';
import { toSync } from './sync-settings.js';
import {
  writtenInstances,
  type WrittenCredential,
  type WrittenInstance,
  type WrittenInstances,
} from './written-instances.js';
import { urlProblem } from './written-words.js';

export interface ReadInstances {
  readonly instances: readonly InstanceSettings[];
  readonly repositories: readonly FoundRepository[];
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

/** Everything that the file says, or every mistake in it. */
export function readInstances(file: InstancesFile, variables: Variables, needsInstance: boolean): ReadInstances {
  const references = new Set([...file.text.matchAll(REFERENCE)].map(([, name]) => name ?? ''));
  const nothing = { instances: [], repositories: [], references };
  const { yaml, problems: syntax } = readYaml({ path: file.shownAs, text: file.text });
  if (yaml === null) return { ...nothing, problems: syntax.map((problem) => withQuotingHint(problem, file.text)) };
  const refused = refuseLiterals(yaml);
  const { written, problems } = checkSchema(writtenInstances, refused.value, yaml);
  const values = new FileValues(yaml, dirname(file.path), variables);
  if (written === null || refused.problems.length > 0) {
    values.reportMissing(refused.value);
    return { ...nothing, problems: [...refused.problems, ...problems, ...values.problems].sort(byPlace) };
  }
  const resolver = new InstanceResolver(values, written);
  const instances = Object.entries(written.instances ?? {}).map(([name, one]) => resolver.resolve(name, one));
  if (instances.length === 0 && needsInstance) values.report(['instances'], 'instances_missing', nameOne(file.shownAs));
  const repositories = readRepositories(written.repositories ?? [], values);
  return { instances, repositories, problems: values.problems, references };
}

export const nameOne = (file: string): string =>
  `There is no instance: name one under \`instances\` in ${file} (config/samples/instances.yaml is an example)`;

/** In a flow list, YAML takes the `{` of `${NAME}` for a mapping. */
function withQuotingHint(problem: Problem, text: string): Problem {
  const line = text.split('\n')[(problem.at?.line ?? 0) - 1] ?? '';
  if (!/[[{,][^"'#]*\$\{/.test(line)) return problem;
  return { ...problem, message: `${problem.message} (within [ ] and { } a reference needs quotes: "\${NAME}")` };
}

class InstanceResolver {
  constructor(
    private readonly values: FileValues,
    private readonly written: WrittenInstances,
  ) {}

  resolve(name: string, written: WrittenInstance): InstanceSettings {
    const at = ['instances', name];
    const defaults = this.written.defaults ?? {};
    const protocol = written.protocol ?? defaults.protocol ?? 'auto';
    const definitions = written.definitions ?? defaults.definitions ?? null;
    const caFile = written.ca_file ?? defaults.ca_file ?? null;
    return {
      name,
      url: this.values.address(written.url, [...at, 'url'], urlProblem),
      database: this.values.fill(written.database, [...at, 'database']),
      environment: written.environment ?? defaults.environment ?? null,
      protocol,
      definitions:
        definitions === null
          ? null
          : this.definitions(definitions, [...(written.definitions === undefined ? ['defaults'] : at), 'definitions']),
      limits: { ...toLimits(defaults.limits), ...toLimits(written.limits) },
      ca:
        caFile === null
          ? null
          : this.values.file(caFile, [...(written.ca_file === undefined ? ['defaults'] : at), 'ca_file']),
      credentials: this.credentials(written.credentials, protocol, [...at, 'credentials']),
      sync: toSync(written.sync, defaults.sync),
    };
  }

  private definitions(written: NonNullable<WrittenInstance['definitions']>, path: Path): DefinitionsSettings {
    if (typeof written === 'string')
      return toDefinitions(this.values.fill(written, path), null, null, this.values.folder);
    if (written.folder !== undefined)
      return {
        kind: 'folder',
        folder: resolve(this.values.folder, this.values.fill(written.folder, [...path, 'folder'])),
      };
    return {
      kind: 'git',
      url: this.values.fill(written.git ?? '', [...path, 'git']),
      ref: written.ref === undefined ? null : this.values.fill(written.ref, [...path, 'ref']),
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
    if (rule !== null) this.values.report(path, 'wrong_credential', rule);
    const secret = this.values.secret(written.api_key ?? written.password, [...path, kind]);
    return {
      login: written.login === undefined ? '' : this.values.fill(written.login, [...path, 'login']),
      kind,
      secret: new Secret(secret),
      isFallback: false,
    };
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
