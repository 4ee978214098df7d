import { describe, expect, it } from '@jest/globals';
import { startTimers } from '../../../src/app/service/start-timers.js';
import type { TimerOptions, Timers } from '../../../src/app/service/timers.js';
import type { ServiceDeps } from '../../../src/app/service/deps.js';
import type { SyncQueue } from '../../../src/app/service/sync-queue.js';

const MINUTE = 60_000;

function started(instances: Record<string, { pollMs: number | null; checkDriftMs: number | null }>) {
  const timers = new Map<string, { options: TimerOptions; task: (signal: AbortSignal) => Promise<void> }>();
  const port: Timers = {
    every: (name, options, task) => {
      timers.set(name, { options, task });
      return () => undefined;
    },
    stop: () => Promise.resolve(),
  };
  const asked: string[] = [];
  let isFree = true;
  const pruned: object[] = [];
  const deps = {
    now: () => 100 * 24 * 60 * MINUTE,
    holder: 'me',
    store: {
      leases: {
        take: (name: string, holder: string, ttlMs: number) => {
          asked.push(`${name} ${holder} ${ttlMs}`);
          return Promise.resolve(isFree ? { name, holder, fence: 1, until: 0 } : null);
        },
      },
      prune: (limits: object) => Promise.resolve(pruned.push(limits)),
    },
  } as unknown as ServiceDeps & { queue: SyncQueue };
  startTimers(deps, port, { instances: new Map(Object.entries(instances)), retentionDays: 90 });
  const run = async (name: string): Promise<void> => timers.get(name)?.task(new AbortController().signal);
  return { timers, asked, pruned, run, take: () => (isFree = false) };
}

describe('startTimers', () => {
  it('gives each instance the intervals of its settings, with jitter, and none where they are off', () => {
    const { timers } = started({
      acme: { pollMs: 5 * MINUTE, checkDriftMs: 15 * MINUTE },
      still: { pollMs: null, checkDriftMs: null },
    });
    expect([...timers.keys()]).toEqual(['poll:acme', 'drift:acme', 'recover', 'retention']);
    expect(timers.get('poll:acme')?.options).toEqual({ intervalMs: 5 * MINUTE, jitter: 0.2, immediately: true });
  });

  it('lets go of what is older than the retention', async () => {
    const { run, pruned, timers } = started({});
    expect(timers.get('retention')?.options).toMatchObject({ immediately: true });
    await run('retention');
    const before = 10 * 24 * 60 * MINUTE;
    expect(pruned).toEqual([{ plansBefore: before, deliveriesBefore: before }]);
  });

  it('leaves a turn to the replica that holds its lease', async () => {
    const { run, pruned, asked, take } = started({});
    take();
    await run('retention');
    expect(pruned).toEqual([]);
    expect(asked).toEqual(['timer:retention me 60480000']);
  });
});
