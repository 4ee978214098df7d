import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Timers } from '../../../src/app/service/timers.js';
import { createTimers } from '../../../src/schedule/index.js';
import { nextWait } from '../../../src/schedule/next-wait.js';

const SECOND = 1_000;
const HOUR = 3_600_000;

describe('timers', () => {
  let timers: Timers;
  let reported: string[];

  beforeEach(() => {
    jest.useFakeTimers({ now: new Date('2026-03-29T00:30:00Z') });
    reported = [];
    timers = createTimers({
      report: (name, error) => void reported.push(`${name}: ${String(error)}`),
      maxBackoffMs: 60 * SECOND,
      random: () => 0.5,
    });
  });

  afterEach(async () => {
    const stopped = timers.stop(1);
    await jest.advanceTimersByTimeAsync(10);
    await stopped;
    jest.useRealTimers();
  });

  it('come back after each interval, the first time after one, or at once where that is asked for', async () => {
    const times: string[] = [];
    timers.every('later', { intervalMs: 10 * SECOND }, () => Promise.resolve(void times.push('later')));
    timers.every('now', { intervalMs: 10 * SECOND, immediately: true }, () => Promise.resolve(void times.push('now')));
    await jest.advanceTimersByTimeAsync(5 * SECOND);
    expect(times).toEqual(['now']);
    await jest.advanceTimersByTimeAsync(26 * SECOND);
    expect(times.filter((name) => name === 'later')).toHaveLength(3);
    expect(times.filter((name) => name === 'now')).toHaveLength(4);
  });

  it('never overlap themselves: the next wait begins when the task has ended', async () => {
    let running = 0;
    let most = 0;
    let turns = 0;
    timers.every('slow', { intervalMs: SECOND }, async () => {
      turns += 1;
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setTimeout(resolve, 10 * SECOND));
      running -= 1;
    });
    await jest.advanceTimersByTimeAsync(45 * SECOND);
    expect(most).toBe(1);
    expect(turns).toBe(5);
  });

  it('wait twice as long after each failure, up to the limit, and tell of each; a success ends that', async () => {
    const starts: number[] = [];
    let fails = true;
    timers.every('shaky', { intervalMs: 10 * SECOND }, () => {
      starts.push(performance.now());
      return fails ? Promise.reject(new Error('no')) : Promise.resolve();
    });
    const gaps = (): number[] => starts.slice(1).map((at, index) => Math.round((at - (starts[index] ?? 0)) / SECOND));
    await jest.advanceTimersByTimeAsync(200 * SECOND);
    expect(gaps()).toEqual([20, 40, 60, 60]);
    expect(reported).toHaveLength(5);
    expect(reported[0]).toBe('shaky: Error: no');
    fails = false;
    await jest.advanceTimersByTimeAsync(75 * SECOND);
    expect(gaps().slice(4)).toEqual([60, 10, 10]);
  });

  it('survive a task that throws before it is a promise, and a reporter that throws', async () => {
    let turns = 0;
    const stubborn = createTimers({
      report: () => {
        throw new Error('nobody listens');
      },
    });
    stubborn.every('broken', { intervalMs: SECOND }, () => {
      turns += 1;
      throw new Error('at once');
    });
    await jest.advanceTimersByTimeAsync(4 * SECOND);
    expect(turns).toBe(2);
    await stubborn.stop(1);
  });

  it.each([
    ['set back by a day', -24 * HOUR],
    ['set forward by a day', 24 * HOUR],
  ])('go on in time when the clock is %s', async (_what, jumpMs) => {
    let turns = 0;
    timers.every('steady', { intervalMs: 60 * SECOND }, () => Promise.resolve(void (turns += 1)));
    await jest.advanceTimersByTimeAsync(90 * SECOND);
    expect(turns).toBe(1);
    jest.setSystemTime(Date.now() + jumpMs);
    await jest.advanceTimersByTimeAsync(40 * SECOND);
    expect(turns).toBe(2);
    await jest.advanceTimersByTimeAsync(10 * 60 * SECOND);
    expect(turns).toBe(12);
  });

  it('stop one by one: what was stopped does not start again, and its name is free', async () => {
    let turns = 0;
    const task = (): Promise<void> => Promise.resolve(void (turns += 1));
    const stop = timers.every('one', { intervalMs: SECOND }, task);
    expect(() => timers.every('one', { intervalMs: SECOND }, task)).toThrow(/already/);
    await jest.advanceTimersByTimeAsync(1_500);
    stop();
    await jest.advanceTimersByTimeAsync(10 * SECOND);
    expect(turns).toBe(1);
    timers.every('one', { intervalMs: SECOND }, task);
    await jest.advanceTimersByTimeAsync(1_500);
    expect(turns).toBe(2);
  });

  it('wait for the running task when all are stopped, and start nothing more', async () => {
    let hasEnded = false;
    let turns = 0;
    timers.every('long', { intervalMs: SECOND }, async () => {
      turns += 1;
      await new Promise((resolve) => setTimeout(resolve, 5 * SECOND));
      hasEnded = true;
    });
    await jest.advanceTimersByTimeAsync(1_500);
    const stopped = timers.stop(10 * SECOND);
    await jest.advanceTimersByTimeAsync(30 * SECOND);
    await stopped;
    expect(hasEnded).toBe(true);
    expect(turns).toBe(1);
    timers.every('after', { intervalMs: SECOND }, () => Promise.resolve(void (turns += 1)));
    await jest.advanceTimersByTimeAsync(5 * SECOND);
    expect(turns).toBe(1);
  });

  it('abort the running task after the grace, which is no failure to tell of', async () => {
    let aborted = false;
    timers.every('stuck', { intervalMs: SECOND }, (signal) => {
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted = true;
          reject(new Error('given up'));
        });
      });
    });
    await jest.advanceTimersByTimeAsync(1_500);
    const stopped = timers.stop(2 * SECOND);
    await jest.advanceTimersByTimeAsync(1_900);
    expect(aborted).toBe(false);
    await jest.advanceTimersByTimeAsync(200);
    await stopped;
    expect(aborted).toBe(true);
    expect(reported).toEqual([]);
  });
});

describe('nextWait', () => {
  const facts = { intervalMs: 1_000, jitter: 0.2, failures: 0, maxBackoffMs: 60_000, random: 0.5 };

  it.each([
    ['the interval itself', {}, 1_000],
    ['shorter by the whole jitter', { random: 0 }, 800],
    ['longer by the whole jitter', { random: 1 }, 1_200],
    ['twice as long after a failure', { failures: 1 }, 2_000],
    ['as long as the limit after many', { failures: 50 }, 60_000],
    ['never shorter than a long interval', { intervalMs: 100_000, failures: 3 }, 100_000],
    ['at least a millisecond', { jitter: 1, random: 0 }, 1],
  ])('is %s', (_what, change, expected) => {
    expect(nextWait({ ...facts, ...change })).toBe(expected);
  });
});
