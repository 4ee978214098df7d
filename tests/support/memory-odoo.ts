import type { ActionRunOutcome, ActionRunner, LiveReader, LiveWriter, WriteResult } from '../../src/app/ports.js';
import type { Binding, DatabaseIdentity, LiveAction, LiveSchedule, LiveState } from '../../src/domain/plan/state.js';
import type { Values } from '../../src/domain/plan/values.js';
import { noAppliedIds, readAppliedIds, type AppliedIds } from '../../src/domain/plan/applied-ids.js';
import { identity, liveAction, liveSchedule } from './plan-states.js';

/** An Odoo in memory, good enough to plan and apply against: what is written is what is read. */
export class MemoryOdoo {
  actions: LiveAction[] = [];
  schedules: LiveSchedule[] = [];
  binding: Binding | null = null;
  appliedIds: AppliedIds = noAppliedIds;
  identity: DatabaseIdentity = identity;
  /** Records that a search in a domain finds. */
  found: number[] = [];
  outcome: ActionRunOutcome = { status: 'succeeded', result: false, message: null };
  readonly runs: { readonly actionId: number; readonly recordIds: readonly number[] }[] = [];
  readonly searches: { readonly model: string; readonly domain: readonly unknown[] }[] = [];
  /** Called before each batch; what it throws, the writer throws. */
  beforeWrite: (batch: string) => void | Promise<void> = () => undefined;
  beforeRead: () => void = () => undefined;
  private nextId = 100;

  private state(): LiveState {
    this.beforeRead();
    return {
      identity: this.identity,
      binding: this.binding,
      appliedIds: this.appliedIds,
      serie: '19.0',
      actions: [...this.actions],
      schedules: [...this.schedules],
      references: new Map(),
      foreign: [],
    };
  }

  readonly reader: LiveReader = {
    read: () => Promise.resolve(this.state()),
    reread: (actionIds, scheduleIds) =>
      Promise.resolve({
        actions: this.actions.filter((one) => actionIds.includes(one.recordId)),
        schedules: this.schedules.filter((one) => scheduleIds.includes(one.recordId)),
      }),
    readAll: () => Promise.resolve(this.state()),
    check: () => Promise.resolve([]),
    readSchedules: () => Promise.resolve(this.state().schedules),
  };

  readonly writer: LiveWriter = {
    writeActions: async (writes) => {
      await this.beforeWrite('server_actions');
      return writes.map((write) => {
        const { externalId, values, fields, help } = write;
        const recordId = write.recordId ?? this.nextId++;
        const before = this.actions.find((one) => one.recordId === recordId);
        const after = liveAction(recordId, {
          ...before,
          externalId,
          externalIds: [externalId],
          help,
          values: merge(before?.values ?? {}, values, fields),
        });
        this.actions = [...this.actions.filter((one) => one.recordId !== recordId), after];
        return written(externalId, recordId);
      });
    },
    writeSchedules: async (writes) => {
      await this.beforeWrite('schedules');
      return writes.map((write) => {
        const { externalId, values, fields, help } = write;
        const recordId = write.recordId ?? this.nextId++;
        const before = this.schedules.find((one) => one.recordId === recordId);
        const action = this.actions.find((one) => one.externalId === write.actionExternalId);
        if (action !== undefined && help !== null)
          this.actions = this.actions.map((one) => (one === action ? { ...one, help } : one));
        const after = liveSchedule(recordId, action?.recordId ?? -1, {
          ...before,
          externalId,
          externalIds: [externalId],
          values: merge(before?.values ?? {}, values, fields),
        });
        this.schedules = [...this.schedules.filter((one) => one.recordId !== recordId), after];
        return written(externalId, recordId);
      });
    },
    deleteSchedules: async (records) => {
      await this.beforeWrite('deletes');
      this.schedules = this.schedules.filter((one) => !records.some(({ recordId }) => recordId === one.recordId));
      return records.map(({ externalId, recordId }) => written(externalId, recordId));
    },
    deleteActions: async (records) => {
      await this.beforeWrite('deletes');
      this.actions = this.actions.filter((one) => !records.some(({ recordId }) => recordId === one.recordId));
      return records.map(({ externalId, recordId }) => written(externalId, recordId));
    },
    adopt: async (records) => {
      await this.beforeWrite('adopt');
      const own = <T extends LiveAction | LiveSchedule>(all: readonly T[], object: string): T[] =>
        all.map((one) => {
          const mine = records.find((record) => record.object === object && record.recordId === one.recordId);
          return mine === undefined ? one : { ...one, externalId: mine.externalId };
        });
      this.actions = own(this.actions, 'server_action');
      this.schedules = own(this.schedules, 'scheduled_action');
      return records.map(({ externalId, recordId }) => written(externalId, recordId));
    },
    remember: async ({ text }) => {
      await this.beforeWrite('remember');
      this.appliedIds = { recordId: 3, digests: readAppliedIds(text) };
    },
    bind: (binding) => {
      this.binding = binding;
      return Promise.resolve();
    },
  };

  readonly runner: ActionRunner = {
    run: ({ actionId, recordIds }) => {
      this.runs.push({ actionId, recordIds });
      return Promise.resolve(this.outcome);
    },
    runSchedule: () => Promise.resolve(this.outcome),
  };
}

const written = (externalId: string, recordId: number): WriteResult => ({
  externalId,
  recordId,
  status: 'written',
  message: null,
});

function merge(before: Values, after: Values, fields: readonly string[]): Values {
  const next = new Map(Object.entries(before));
  for (const field of fields) {
    const value = after[field];
    if (value === undefined) next.delete(field);
    else next.set(field, value);
  }
  return Object.fromEntries(next);
}
