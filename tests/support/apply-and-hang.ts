/** A process that begins an apply, writes two of three changes and hangs: what the journal's tests kill. */
import { createStoredJournal } from '../../src/cli-journal.js';
import { loadSettings } from '../../src/settings/index.js';

const [state = '', instance = ''] = process.argv.slice(2);
const settings = loadSettings({ environment: { STEWARD_STATE: state }, folder: state, needsInstance: false });
const record = await createStoredJournal(settings, () => undefined).begin({
  instance,
  digest: 'd1'.repeat(32),
  total: 3,
  revision: null,
});
await record.wrote([
  { externalId: 'acme.a', recordId: 1, status: 'written', message: null },
  { externalId: 'acme.b', recordId: null, status: 'failed', message: 'no' },
  { externalId: 'acme.c', recordId: 3, status: 'written', message: null },
]);
process.stdout.write('hanging\n');
setInterval(() => undefined, 1000);
