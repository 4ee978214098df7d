import { describe, expect, it } from '@jest/globals';
import { load, mistakesOf } from '../../support/settings-folder.js';

const good = `
defaults:
  environment: production
  definitions: { git: "https://git.example.com/acme.git", ref: main }
  limits: { concurrency: 2, timeout: 60s }
instances:
  acme:
    url: https://odoo.acme.example/
    database: acme
    credentials:
      sync:
        login: sync@acme
        api_key: \${ACME_KEY}
      monitor:
        login: watch@acme
        password:
          file: watch.secret
  beta:
    url: \${BETA_URL}
    database: beta
    environment: staging
    definitions: ../definitions
    protocol: jsonrpc
    limits: { timeout: 2m }
    credentials: { sync: { login: s, api_key: "\${ACME_KEY}" } }
`;

describe('instances.yaml', () => {
  it('gives every instance, with the defaults where it is silent and its secrets by reference', () => {
    const settings = load(
      { ACME_KEY: 'acme-key', BETA_URL: 'https://beta.example' },
      {
        'config/instances.yaml': good,
        'config/watch.secret': 'watch-secret\n',
      },
    );
    const [acme, beta] = settings.instances;
    expect(settings.instancesFrom).toBe('config/instances.yaml');
    expect(acme).toMatchObject({
      name: 'acme',
      environment: 'production',
      definitions: {
        kind: 'git',
        url: 'https://git.example.com/acme.git',
        ref: 'main',
        path: null,
      },
      limits: { concurrency: 2, timeoutMs: 60_000 },
      credentials: {
        sync: { login: 'sync@acme' },
        run: { login: 'sync@acme', isFallback: true },
      },
    });
    expect(acme?.credentials.run.secret.reveal()).toBe('acme-key');
    expect(acme?.credentials.monitor).toMatchObject({
      login: 'watch@acme',
      kind: 'password',
      isFallback: false,
    });
    expect(acme?.credentials.monitor.secret.reveal()).toBe('watch-secret');
    expect(beta).toMatchObject({
      url: 'https://beta.example',
      environment: 'staging',
      protocol: 'jsonrpc',
      definitions: { kind: 'folder' },
      limits: { concurrency: 2, timeoutMs: 120_000 },
    });
  });

  it('names every mistake at once, with line and column, and never a secret', () => {
    const mistakes = mistakesOf(
      {},
      {
        'instances.yaml': `
defaults:
  limit: { concurrency: 2 }
instances:
  Acme Prod:
    url: https://x.example
    database: acme
    credentials: { sync: { login: a, api_key: "\${KEY}" } }
  acme:
    url: https://admin:hunter2-very-secret@odoo.acme.example
    databse: acme
    protocol: jsonrcp
    environment: Production
    definitions: { folder: a, git: b }
    limits: { concurrency: 0, timeout: soon }
    credentials:
      sync:
        login: sync@acme
        api_key: k3y-very-secret
      run: very-secret-too
      monitor: { login: m, passwort: also-very-secret }
`,
      },
    );
    expect(mistakes).toMatchInlineSnapshot(`
     "instances.yaml:3:3 error: \`limit\` is not known here: did you mean \`limits\`?
     instances.yaml:5:3 error: \`Acme Prod\` cannot be a key here: write small letters, digits, \`-\` and \`_\`, such as \`acme-production\`
     instances.yaml:8:47 error: KEY is not set: put it into the environment or .env
     instances.yaml:9:3 error: \`database\` is missing: add it
     instances.yaml:10:10 error: This address holds a user name: take it out, users belong under \`credentials\`
     instances.yaml:11:5 error: \`databse\` is not known here: did you mean \`database\`?
     instances.yaml:12:15 error: \`protocol\` is \`jsonrcp\`: did you mean \`jsonrpc\`?
     instances.yaml:13:18 error: \`environment\` is \`Production\`: write the name of an environment in small letters, such as \`production\`
     instances.yaml:14:5 error: \`definitions\`: give one of \`folder\` and \`git\`
     instances.yaml:15:28 error: \`concurrency\` is the number \`0\`: write at least 1
     instances.yaml:15:40 error: \`timeout\` is \`soon\`: write a duration such as \`30s\` or \`2m\`
     instances.yaml:19:18 error: \`api_key\` holds the key itself, which must not stand in a file that is shared: put it into a variable (in .env, for example ACME_SYNC_KEY=…) and write \`api_key: \${ACME_SYNC_KEY}\`, or \`api_key: {file: PATH}\`
     instances.yaml:20:12 error: \`run\` holds a bare value: write \`login: …\` and \`api_key: \${NAME}\` below it
     instances.yaml:21:7 error: \`monitor\`: give one of \`api_key\` and \`password\`
     instances.yaml:21:28 error: \`passwort\` is not known here: did you mean \`password\`?"
    `);
    expect(mistakes).not.toContain('very-secret');
  });

  it('names what it refers to and cannot find', () => {
    expect(mistakesOf({ BETA_URL: 'beta.example' }, { 'config/instances.yaml': good })).toMatchInlineSnapshot(`
     "config/instances.yaml:13:18 error: ACME_KEY is not set: put it into the environment or .env
     config/instances.yaml:17:17 error: watch.secret cannot be read (ENOENT): mend the path or its rights
     config/instances.yaml:19:10 error: \`url\`, as the variables make it, cannot be used: write an address that begins with https:// (or http://)
     config/instances.yaml:25:47 error: ACME_KEY is not set: put it into the environment or .env"
    `);
  });

  it('points at a syntax error', () => {
    expect(mistakesOf({}, { 'instances.yaml': 'instances:\n  acme: {url: x\n' })).toMatch(
      /^instances\.yaml:\d+:\d+ error/,
    );
  });

  it('knows which credential a protocol takes', () => {
    const text = (protocol: string, credential: string) =>
      `instances:\n  a:\n    url: https://a.example\n    database: a\n    protocol: ${protocol}\n    credentials:\n      sync: ${credential}\n`;
    const of = (protocol: string, credential: string) =>
      mistakesOf({ KEY: 'k' }, { 'instances.yaml': text(protocol, credential) });
    expect(of('json2', '{ login: x, password: "${KEY}" }')).toContain('JSON-2 takes no password');
    expect(of('session', '{ login: x, api_key: "${KEY}" }')).toContain('A web session takes no API key');
    expect(of('auto', '{ api_key: "${KEY}" }')).toContain('The login is missing');
    expect(of('json2', '{ api_key: "${KEY}" }')).toBe('');
  });

  it('says so when the file that is asked for is not there', () => {
    expect(mistakesOf({ STEWARD_INSTANCES: 'elsewhere.yaml' })).toBe(
      'error: STEWARD_INSTANCES: elsewhere.yaml cannot be read (ENOENT): mend the path or its rights',
    );
  });

  it('accepts a git token by reference, and no password in the address', () => {
    const text = (git: string) =>
      `instances:\n  a:\n    url: https://a.example\n    database: a\n    definitions: { git: "${git}" }\n    credentials: { sync: { login: x, api_key: "\${KEY}" } }\n`;
    const of = (git: string) => mistakesOf({ KEY: 'k', TOKEN: 't' }, { 'instances.yaml': text(git) });
    expect(of('https://${TOKEN}@git.example.com/a.git')).toBe('');
    expect(of('ssh://git@git.example.com/a.git')).toBe('');
    const refused = of('https://bot:hunter2@git.example.com/a.git');
    expect(refused).toContain('This address holds a password');
    expect(refused).not.toContain('hunter2');
  });
});
