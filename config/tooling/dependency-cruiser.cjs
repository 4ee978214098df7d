/** Imports run in one direction; each rule says what to do instead. */
const room = (name) => `^src/${name}/`;
const adapters = ['odoo', 'git', 'python', 'store', 'schedule', 'notify', 'forge'];
const faces = ['http', 'web', 'cli'];

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'Two files that need each other are one file, or hide a third.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      comment:
        'Domain code decides; it does not read or write. Take the value as an argument, or add a port in src/app.',
      from: { path: room('domain') },
      to: { pathNot: ['^src/domain/', 'node_modules/(zod|yaml|diff|luxon)/', '^node:crypto$', '^crypto$'] },
    },
    {
      name: 'app-knows-only-the-domain',
      severity: 'error',
      comment: 'A use case speaks to the outside through src/app/ports.ts; main.ts and cli.ts hand it the adapters.',
      from: { path: room('app') },
      to: { path: '^src/', pathNot: ['^src/domain/', '^src/app/'] },
    },
    ...adapters.map((name) => ({
      name: `${name}-is-an-adapter`,
      severity: 'error',
      comment: 'An adapter knows the domain, the ports and its own library, never another adapter or a face.',
      from: { path: room(name) },
      to: {
        path: '^src/',
        pathNot: [room(name), '^src/domain/', '^src/app/ports', '^src/app/service/(store|forge-ports|timers)'],
      },
    })),
    ...faces.map((name) => ({
      name: `${name}-is-a-face`,
      severity: 'error',
      comment: 'A face calls use cases and renders plain data; it never reaches an adapter.',
      from: { path: room(name) },
      to: { path: '^src/', pathNot: [room(name), '^src/domain/', '^src/app/'] },
    })),
    {
      name: 'settings-stand-alone',
      severity: 'error',
      comment: 'Settings are read once, by the composition roots.',
      from: { path: room('settings') },
      to: { path: '^src/', pathNot: [room('settings'), '^src/domain/'] },
    },
    {
      name: 'nobody-imports-a-composition-root',
      severity: 'error',
      comment: 'main.ts and cli.ts put things together; move what is needed into a room.',
      from: { path: '^src/' },
      to: { path: '^src/(main|cli)\\.ts$' },
    },
    {
      name: 'axios-stays-in-odoo-and-notify',
      severity: 'error',
      comment: 'Only the room that owns a wire speaks HTTP.',
      from: { path: '^src/', pathNot: ['^src/(odoo|notify|git|forge)/'] },
      to: { path: 'node_modules/axios/' },
    },
    {
      name: 'sources-do-not-import-tests',
      severity: 'error',
      comment: 'What src needs lives in src.',
      from: { path: '^src/' },
      to: { path: '^(tests|config/tooling)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
