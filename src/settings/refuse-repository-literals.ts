import type { Path } from '../domain/definitions/read-yaml.js';

const EXAMPLES = { token: 'FORGE_TOKEN', webhook_secrets: 'HOOK_SECRET' } as const;

export interface Refusals {
  readonly isReference: (value: unknown) => boolean;
  readonly refuse: (path: Path, message: string) => void;
  readonly placeholder: string;
}

/** A repository of instances.yaml without the secrets that stand in it themselves; each is refused. */
export function refuseRepositoryLiterals(
  repository: Readonly<Record<string, unknown>>,
  path: Path,
  { isReference, refuse, placeholder }: Refusals,
): Record<string, unknown> {
  const one = (value: unknown, key: keyof typeof EXAMPLES, at: Path): unknown => {
    if (value === null || isReference(value) || (typeof value === 'object' && !Array.isArray(value))) return value;
    const word = key === 'token' ? 'token' : 'secret';
    const name = EXAMPLES[key];
    refuse(
      at,
      `\`${key}\` holds the ${word} itself, which must not stand in a file that is shared: put it into a variable (in .env, for example ${name}=…) and write \`\${${name}}\`, or \`{file: PATH}\``,
    );
    return placeholder;
  };
  return Object.fromEntries(
    Object.entries(repository).map(([key, value]): [string, unknown] => {
      const at = [...path, key];
      if (key === 'token') return [key, one(value, key, at)];
      if (key === 'webhook_secrets') {
        if (Array.isArray(value)) return [key, value.map((item: unknown, index) => one(item, key, [...at, index]))];
        const refused = one(value, key, at);
        return [key, refused === placeholder ? [placeholder] : refused];
      }
      return [key, key === 'url' || key === 'api' ? withoutSecrets(value, at, refuse) : value];
    }),
  );
}

/** Without what may be a secret. Over ssh the user is a login (`git@`), and none. */
function withoutSecrets(value: unknown, path: Path, refuse: Refusals['refuse']): unknown {
  if (typeof value !== 'string') return value;
  const address = value.replace(/[?#].*$/s, '');
  if (address !== value) refuse(path, 'This address holds more than it needs: take out what follows `?` or `#`');
  const [, scheme = 'ssh', user = ''] = /^(?:([a-z+]+):\/\/)?([^/@]*)@/i.exec(address) ?? [];
  if (user === '' || (/ssh$/i.test(scheme) && !user.includes(':'))) return address;
  refuse(path, 'This address holds a user name: take it out, what we use at the forge is `token`');
  return address.replace(`${user}@`, '');
}
