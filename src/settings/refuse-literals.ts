import type { Path, YamlFile } from '../domain/definitions/read-yaml.js';
import type { Problem } from '../domain/problem.js';
import { refuseRepositoryLiterals } from './refuse-repository-literals.js';

const REFERENCE = /^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/;
/** A variable that nobody misses. */
export const PLACEHOLDER = '${REFUSED}';

/**
 * Finds secrets that stand in instances.yaml themselves and puts a placeholder in their place, so that whatever is
 * said about the file afterwards cannot quote them.
 */
export function refuseLiterals(yaml: YamlFile): { readonly value: unknown; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const refuse = (path: Path, message: string): void => {
    problems.push({ severity: 'error', code: 'secret_in_file', message, at: yaml.at(path) });
  };

  const credentials = (value: unknown, path: Path): unknown =>
    mapValues(value, (credential, role) => {
      const at = [...path, role];
      if (!isMapping(credential)) {
        if (credential === null) return credential;
        refuse(at, `\`${role}\` holds a bare value: write \`login: …\` and \`api_key: \${NAME}\` below it`);
        return { login: 'x', api_key: PLACEHOLDER };
      }
      return mapValues(credential, (entry, key) => {
        if (key === 'login' || isMapping(entry) || entry === null) return entry;
        if (isReference(entry)) return entry;
        // The schema knows no other key and says so; what stands there may be a secret all the same.
        if (key !== 'api_key' && key !== 'password') return PLACEHOLDER;
        const word = key === 'password' ? 'password' : 'key';
        refuse(
          [...at, key],
          `\`${key}\` holds the ${word} itself, which must not stand in a file that is shared: put it into a variable (in .env, for example ${variableFor(path, role, key)}=…) and write \`${key}: \${${variableFor(path, role, key)}}\`, or \`${key}: {file: PATH}\``,
        );
        return PLACEHOLDER;
      });
    });

  const address = (value: unknown, path: Path): unknown => {
    if (typeof value !== 'string') return value;
    const user = /^[a-z+]+:\/\/([^/?#]*)@/i.exec(value)?.[1];
    // A reference in the user's place is a git host's way with tokens.
    if (user === undefined || (path.includes('definitions') && !hasLiteralPassword(user))) return value;
    refuse(
      path,
      path.includes('definitions')
        ? 'This address holds a password: put it into a variable and write `https://${NAME}@…`'
        : 'This address holds a user name: take it out, users belong under `credentials`',
    );
    return value.replace(`${user}@`, '');
  };

  const settings = (value: unknown, path: Path): unknown =>
    mapValues(value, (entry, key) => {
      const at = [...path, key];
      if (key === 'credentials') return credentials(entry, at);
      if (key === 'url') return address(entry, at);
      if (key !== 'definitions') return entry;
      return isMapping(entry)
        ? mapValues(entry, (part, name) => (name === 'git' ? address(part, [...at, name]) : part))
        : address(entry, at);
    });

  const repositories = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map((one: unknown, index) =>
          isMapping(one)
            ? refuseRepositoryLiterals(one, ['repositories', index], { isReference, refuse, placeholder: PLACEHOLDER })
            : one,
        )
      : value;

  const value = mapValues(yaml.value, (entry, key) => {
    if (key === 'defaults') return settings(entry, [key]);
    if (key === 'repositories') return repositories(entry);
    return key === 'instances' ? mapValues(entry, (one, name) => settings(one, [key, name])) : entry;
  });
  return { value, problems };
}

const hasLiteralPassword = (user: string): boolean => {
  const [name = '', password] = user.replace(/\$\{[^}]*\}/g, '').split(':');
  return password === undefined ? name.length >= 16 : password !== '';
};

/** `ACME_PRODUCTION_SYNC_KEY` */
function variableFor(path: Path, role: string, key: string): string {
  const instance = String(path[1] ?? 'odoo').toUpperCase();
  return `${instance}_${role.toUpperCase()}_${key === 'password' ? 'PASSWORD' : 'KEY'}`.replace(/[^A-Z0-9]+/g, '_');
}

const isReference = (value: unknown): boolean => typeof value === 'string' && REFERENCE.test(value);

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function mapValues(value: unknown, change: (entry: unknown, key: string) => unknown): unknown {
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, change(entry, key)] as const));
}
