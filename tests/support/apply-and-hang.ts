/** A process that begins an apply, writes two of three changes and hangs: what the journal's tests kill. */
import { createApplyJournal } from '../../src/store/index.js';

const [folder = '', instance = ''] = process.argv.slice(2);
const record = await createApplyJournal({ folder, now: Date.now, refuse: Error }).begin({
  instance,
  digest: 'd1'.repeat(32),
  total: 3,
});
await record.wrote([
  { externalId: 'acme.a', recordId: 1, status: 'written', message: null },
  { externalId: 'acme.b', recordId: null, status: 'failed', message: 'no' },
  { externalId: 'acme.c', recordId: 3, status: 'written', message: null },
]);
process.stdout.write('hanging\n');
setInterval(() => undefined, 1000);
