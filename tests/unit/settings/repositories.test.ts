import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inspect } from 'node:util';
import { load, mistakesOf } from '../../support/settings-folder.js';

const url = 'https://git.example.com/acme/odoo-actions.git';
const file = (repositories: string, definitions = url) => ({
  'instances.yaml': `
instances:
  acme:
    url: https://odoo.acme.example
    database: acme
    definitions: { git: "${definitions}" }
    credentials: { sync: { login: s, api_key: "\${KEY}" } }
repositories:${repositories}
`,
});
const secrets = {
  KEY: 'k',
  FORGE_TOKEN: 't0ken-very-secret',
  HOOK: 'h00k-very-secret',
  OLD_HOOK: 'old-very-secret',
};
const whole = `
  - url: ${url}
    forge: gitlab
    api: https://git.example.com/api/v4/
    token: \${FORGE_TOKEN}
    webhook_secrets:
      - \${HOOK}
      - \${OLD_HOOK}`;
const hooked = (address: string) => `\n  - { url: "${address}", forge: github, webhook_secrets: ["\${HOOK}"] }`;

describe('repositories', () => {
  it('have a name for the address of their webhook, secrets by reference, and the instances that they are for', () => {
    const settings = load(secrets, file(whole));
    const [repository] = settings.repositories;
    expect(repository).toMatchObject({
      name: 'acme-odoo-actions',
      url,
      forge: 'gitlab',
      api: 'https://git.example.com/api/v4',
      instances: ['acme'],
    });
    expect(repository?.token?.reveal()).toBe('t0ken-very-secret');
    expect(repository?.webhookSecrets.map((one) => one.reveal())).toEqual(['h00k-very-secret', 'old-very-secret']);
    expect(JSON.stringify(settings) + inspect(settings, { depth: 9 })).not.toContain('very-secret');
  });

  it('are none when nothing is said', () => {
    expect(load({ ...secrets }, file(' []')).repositories).toEqual([]);
  });

  it('need no token, no address of an API, and may keep a secret in a file', () => {
    const repository = `\n  - { url: "${url}", forge: gitea, webhook_secrets: [{ file: hook.secret }] }`;
    const [found] = load(secrets, {
      ...file(repository),
      'hook.secret': 'from-a-file\n',
    }).repositories;
    expect(found).toMatchObject({ api: null, token: null });
    expect(found?.webhookSecrets[0]?.reveal()).toBe('from-a-file');
  });

  it.each([
    ['git@git.example.com:acme/odoo-actions.git'],
    ['ssh://git@git.example.com:2222/Acme/odoo-actions'],
    ['https://${FORGE_TOKEN}@git.example.com/acme/odoo-actions'],
  ])('are found however an instance writes the address: %s', (definitions) => {
    const settings = load(secrets, file(whole, definitions));
    expect(settings.repositories[0]?.instances).toEqual(['acme']);
    expect(settings.warnings).toEqual([]);
  });

  it('warn when no instance has its definitions there', () => {
    expect(load(secrets, file(whole, 'https://git.example.com/other.git')).warnings).toMatchObject([
      { code: 'repository_unused', at: { line: 9 } },
    ]);
  });

  it('never share a name, and keep theirs when another is added', () => {
    const word = fc.stringMatching(/^[a-zA-Z0-9_é-]{1,6}$/);
    const paths = fc.uniqueArray(
      fc.tuple(word, word, word).map((steps) => steps.join('/')),
      {
        minLength: 2,
        maxLength: 6,
        selector: (path) => path.toLowerCase(),
      },
    );
    fc.assert(
      fc.property(paths, (all) => {
        const namesOf = (some: string[]) =>
          load(secrets, file(some.map((path) => hooked(`https://a.example/${path}`)).join(''))).repositories.map(
            ({ name }) => name,
          );
        const names = namesOf(all);
        expect(new Set(names).size).toBe(all.length);
        for (const name of names) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
        expect(namesOf(all.slice(0, -1))).toEqual(names.slice(0, -1));
      }),
      { numRuns: 20 },
    );
  });

  it('name every mistake at once, and never a secret', () => {
    const repositories = `
  - { url: acme/odoo-actions, forge: githup, token: "\${FORGE_TOKEN}" }
  - url: https://bot:pa55-very-secret@git.example.com/a/b.git
    forge: bitbucket
    token: ghp_very-secret
    webhook_secrets:
      - "\${HOOK}"
      - plain-very-secret
      - 4711
  - url: ssh://git:pa55-very-secret@git.example.com/a/c.git
    api: https://x:very-secret@api.example.com
    webhook_secret: another-very-secret
  - { url: "https://a.example/b/d", forge: gitea, webhook_secrets: [] }
  - { url: "https://a.example/b/e?token=1", forge: gitea, webhook_secrets: bare-very-secret }
  - just-text`;
    const mistakes = mistakesOf(secrets, file(repositories));
    expect(mistakes).toMatchInlineSnapshot(`
     "instances.yaml:9:12 error: \`url\` is \`acme/odoo-actions\`: write the address that git clones, such as \`https://git.example.com/acme/odoo-actions.git\`
     instances.yaml:9:38 error: \`forge\` is \`githup\`: did you mean \`github\`?
     instances.yaml:10:10 error: This address holds a user name: take it out, what we use at the forge is \`token\`
     instances.yaml:11:12 error: \`forge\` is \`bitbucket\`: write one of \`github\`, \`gitlab\`, \`gitea\`, \`forgejo\`
     instances.yaml:12:12 error: \`token\` holds the token itself, which must not stand in a file that is shared: put it into a variable (in .env, for example FORGE_TOKEN=…) and write \`\${FORGE_TOKEN}\`, or \`{file: PATH}\`
     instances.yaml:15:9 error: \`webhook_secrets\` holds the secret itself, which must not stand in a file that is shared: put it into a variable (in .env, for example HOOK_SECRET=…) and write \`\${HOOK_SECRET}\`, or \`{file: PATH}\`
     instances.yaml:16:9 error: \`webhook_secrets\` holds the secret itself, which must not stand in a file that is shared: put it into a variable (in .env, for example HOOK_SECRET=…) and write \`\${HOOK_SECRET}\`, or \`{file: PATH}\`
     instances.yaml:17:5 error: \`forge\` is missing: add it
     instances.yaml:17:10 error: This address holds a user name: take it out, what we use at the forge is \`token\`
     instances.yaml:18:10 error: This address holds a user name: take it out, what we use at the forge is \`token\`
     instances.yaml:19:5 error: \`webhook_secret\` is not known here: did you mean \`webhook_secrets\`?
     instances.yaml:20:51 error: \`webhook_secrets\`: name at least one
     instances.yaml:21:12 error: This address holds more than it needs: take out what follows \`?\` or \`#\`
     instances.yaml:21:76 error: \`webhook_secrets\` holds the secret itself, which must not stand in a file that is shared: put it into a variable (in .env, for example HOOK_SECRET=…) and write \`\${HOOK_SECRET}\`, or \`{file: PATH}\`
     instances.yaml:22:5 error: \`repositories\` item 6 is \`just-text\`: write a mapping (\`key: value\`)"
    `);
    expect(mistakes).not.toContain('very-secret');
  });

  it('name what they refer to and cannot find, and what stands there twice', () => {
    const again = hooked('git@git.example.com:acme/Odoo-Actions.git');
    const odd = `\n  - { url: "\${ODD_URL}", forge: gitea, token: { file: nowhere } }`;
    expect(mistakesOf({ KEY: 'k', ODD_URL: 'odd' }, file(whole + again + odd))).toMatchInlineSnapshot(`
     "instances.yaml:12:12 error: FORGE_TOKEN is not set: put it into the environment or .env
     instances.yaml:14:9 error: HOOK is not set: put it into the environment or .env
     instances.yaml:15:9 error: OLD_HOOK is not set: put it into the environment or .env
     instances.yaml:16:12 error: This repository is named twice: keep one
     instances.yaml:16:90 error: HOOK is not set: put it into the environment or .env
     instances.yaml:17:12 error: \`url\`, as the variables make it, cannot be used: write the address that git clones, such as \`https://git.example.com/acme/odoo-actions.git\`
     instances.yaml:17:55 error: nowhere cannot be read (ENOENT): mend the path or its rights"
    `);
  });

  it('say that a reference needs quotes in a list on one line', () => {
    const flow = `\n  - url: ${url}\n    forge: github\n    webhook_secrets: [\${HOOK}, \${OLD_HOOK}]`;
    expect(mistakesOf(secrets, file(flow))).toMatch(
      /^instances\.yaml:11:\d+ error: .*a reference needs quotes: "\$\{NAME\}"\)$/,
    );
  });
});
