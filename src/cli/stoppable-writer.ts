import type { LiveWriter, WriteResult } from '../app/ports.js';

const MESSAGE = 'Not written: Ctrl-C came before its turn.';

/** A writer that begins no further batch once it was told to stop; what it began, it finishes. */
export function stoppableWriter(writer: LiveWriter, isStopped: () => boolean): LiveWriter {
  const unless = async (
    records: readonly Pick<WriteResult, 'externalId' | 'recordId'>[],
    write: () => Promise<readonly WriteResult[]>,
  ): Promise<readonly WriteResult[]> =>
    isStopped()
      ? records.map(({ externalId, recordId }) => ({ externalId, recordId, status: 'failed', message: MESSAGE }))
      : await write();
  return {
    writeActions: (writes) => unless(writes, () => writer.writeActions(writes)),
    writeSchedules: (writes) => unless(writes, () => writer.writeSchedules(writes)),
    deleteSchedules: (records) => unless(records, () => writer.deleteSchedules(records)),
    deleteActions: (records) => unless(records, () => writer.deleteActions(records)),
    adopt: (records) => unless(records, () => writer.adopt(records)),
    bind: (binding) => writer.bind(binding),
    // What was done before the stop is worth remembering.
    remember: (list) => writer.remember(list),
  };
}
