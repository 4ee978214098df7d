import { join } from 'node:path';
import { connect, type OdooClient } from '../../src/odoo/index.js';
import type { TestDatabase } from '../odoo/index.js';
import { bringUp } from '../odoo/up.js';
import { curlExamples, demoState, makeDemoKey, startDemoService } from './demo-service.js';
import { makeInvoices, readInvoices, type InvoiceRow } from './invoices.js';
import { DemoStopped, heading, say, sayTotal, showPlan, steward, table } from './show.js';

const root = join(import.meta.dirname, '..', '..');
const DEFINITIONS = 'config/samples/definitions';
const PASSWORD = 'marc-demo-password';

/** The main job from nothing on a real Odoo 19: plan, apply, an edit by hand, drift, and the action on real invoices. */
export async function runLocalDemo(): Promise<void> {
  heading('A real Odoo 19 with the Invoicing app');
  const database = await bringUp('19', { template: 'account', database: 'demo19', isFresh: true });
  const odoo = connect({
    instance: 'demo',
    url: database.url,
    database: database.name,
    credential: { login: database.admin.login, secret: database.admin.apiKey, kind: 'api_key' },
    protocol: 'auto',
  });
  try {
    const invoices = await makeInvoices(odoo, new Date());
    say(
      `Odoo runs at ${database.url}, database ${database.name}. Four customer invoices are posted, three of them overdue:`,
    );
    say(showInvoices(await readInvoices(odoo, invoices)));
    await syncAndDrift(odoo, database);

    heading('Support runs the action on these invoices');
    const ids = invoices.join(',');
    await steward(
      ['run', 'mark_overdue_invoices', '--ids', ids, '--reason', 'Month-end calls'],
      settingsFor(database),
      [0],
    );
    say('The same invoices now:');
    say(showInvoices(await readInvoices(odoo, invoices)));
  } finally {
    odoo.close();
  }
  heading('The service runs, for others: API, syncs, drift checks');
  await showService(database);
  goodbye(database);
}

async function showService(database: TestDatabase): Promise<void> {
  const settings = { ...settingsFor(database), STEWARD_DEFINITIONS: join(root, DEFINITIONS) };
  const { url, logFile } = await startDemoService(settings);
  if (!url.endsWith(':3000')) say('Port 3000 of 127.0.0.1 is taken, so it took the next free one.');
  say(
    table([
      ['it listens on', url],
      ['its documentation', `${url}/docs`],
      ['its log', logFile],
    ]),
  );
  const key = await makeDemoKey(settings);
  say('\nIts API key, shown this once (a key of an earlier demo opens nothing any more). To try it, paste:\n');
  say(curlExamples(url, key));
}

async function syncAndDrift(odoo: OdooClient, database: TestDatabase): Promise<void> {
  const settings = settingsFor(database);
  heading(`What git says (${DEFINITIONS}) and this database does not have`);
  const digest = await showPlan(settings);
  if (digest === null) throw new DemoStopped('The plan is empty, though the database is new.');
  heading('Apply exactly that plan');
  await steward(['apply', '--yes', '--digest', digest], settings, [0]);
  heading('A second plan is empty');
  await steward(['plan'], settings, [0]);

  heading('Marc changes an action by hand in Odoo');
  await editAsMarc(odoo, database);
  say('He set the log rows to be kept for 30 days instead of 90.');
  await steward(['drift'], settings, [2]);
  heading('Apply brings it back to what git says');
  await steward(['apply', '--yes'], settings, [0]);
}

/** Another administrator, in a web session like a person's. */
async function editAsMarc(odoo: OdooClient, database: TestDatabase): Promise<void> {
  const [groups] = [
    await odoo.searchRead<{ res_id: number }>('ir.model.data', {
      domain: [
        ['module', '=', 'base'],
        ['name', 'in', ['group_user', 'group_system']],
      ],
      fields: ['res_id'],
    }),
  ];
  await odoo.create(
    'res.users',
    [{ name: 'Marc Demo', login: 'marc', password: PASSWORD, group_ids: [[6, 0, groups.map((row) => row.res_id)]] }],
    { context: { no_reset_password: true } },
  );
  const marc = connect({
    instance: 'demo',
    url: database.url,
    database: database.name,
    credential: { login: 'marc', secret: PASSWORD, kind: 'password' },
    protocol: 'session',
  });
  try {
    const actions = await marc.searchRead<{ id: number; code: string }>('ir.actions.server', {
      domain: [['name', '=', 'Clean log rows older than 90 days']],
      fields: ['code'],
    });
    for (const { id, code } of actions)
      await marc.write('ir.actions.server', [id], { code: code.replace('days=90', 'days=30') });
  } finally {
    marc.close();
  }
}

const settingsFor = (database: TestDatabase): Record<string, string> => ({
  ODOO_URL: database.url,
  ODOO_DB: database.name,
  ODOO_LOGIN: database.admin.login,
  ODOO_API_KEY: database.admin.apiKey,
  STEWARD_DEFINITIONS: DEFINITIONS,
  STEWARD_ENVIRONMENT: 'development',
  STEWARD_STATE: demoState(),
});

const showInvoices = (rows: readonly InvoiceRow[]): string =>
  table([
    ['invoice', 'customer', 'due', 'open', 'next activity'],
    ...rows.map((row) => [
      row.name,
      row.partner_id?.[1] ?? '',
      row.invoice_date_due ?? '',
      row.amount_residual.toFixed(2),
      row.activity_summary ?? '-',
    ]),
  ]);

function goodbye(database: TestDatabase): void {
  heading('Yours to try');
  say(
    `Odoo        ${database.url}/web?db=${database.name}   login ${database.admin.login}, password ${database.admin.password ?? ''}`,
  );
  say('            Settings, Technical, Server Actions (switch on the developer mode): change one, then');
  const variables = Object.entries(settingsFor(database)).map(([name, value]) => `${name}=${value}`);
  say(`\nexport ${variables.join(' ')}\n`);
  say(
    table([
      ['npm run -s steward -- drift', 'who changed what'],
      ['npm run -s steward -- crons', 'every schedule, when it ran and when it will'],
      ['npm run -s steward -- export --to my-definitions', 'what is live, as files'],
      ['npm run -s steward -- --help', 'everything else'],
      ['npm run odoo -- down', 'stop the service, Odoo and its PostgreSQL'],
    ]),
  );
  sayTotal();
}
