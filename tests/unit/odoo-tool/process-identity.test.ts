import { spawn } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import {
  endProcess,
  isRunning,
  isSameProcess,
  ownIdentity,
  parseStat,
  readIdentity,
} from '../../odoo/process-identity.js';

describe('parseStat', () => {
  const fields = (name: string) => `4242 (${name}) S 1 4242 4242 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 1000 2 3`;

  it('reads state and start time', () => {
    expect(parseStat(fields('odoo'))).toEqual({ state: 'S', startTicks: '987654' });
  });

  it('is not misled by spaces and brackets in the name of the program', () => {
    expect(parseStat(fields('a) Z 1 (b'))).toEqual({ state: 'S', startTicks: '987654' });
  });

  it('gives null for anything else', () => {
    expect(parseStat('')).toBeNull();
    expect(parseStat('4242 (odoo) S')).toBeNull();
  });
});

describe('process identity', () => {
  it('finds this process running', () => {
    expect(isRunning(ownIdentity())).toBe(true);
  });

  it('takes a process that has the number of an earlier one for another', () => {
    const later = ownIdentity();
    expect(isRunning({ ...later, startedAt: 'an-earlier-boot/1' })).toBe(false);
    expect(isSameProcess(later, { ...later, startedAt: 'an-earlier-boot/1' })).toBe(false);
  });

  it('ends the process that it names and says so', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    const identity = readIdentity(child.pid ?? 0);
    if (!identity) throw new Error('the child is not running');
    expect(await endProcess(identity, 'SIGTERM', 5_000)).toBe(true);
    expect(isRunning(identity)).toBe(false);
    expect(await endProcess(identity, 'SIGTERM', 5_000)).toBe(false);
  });

  it('kills a process that ignores the signal, after its time to finish', async () => {
    const child = spawn('sh', ['-c', 'trap "" TERM; echo ready; while :; do sleep 1; done'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const identity = readIdentity(child.pid ?? 0);
    if (!identity) throw new Error('the child is not running');
    expect(await endProcess(identity, 'SIGTERM', 200)).toBe(true);
    expect(isRunning(identity)).toBe(false);
  });

  it('does not end the process that has the number now', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    const identity = readIdentity(child.pid ?? 0);
    if (!identity) throw new Error('the child is not running');
    expect(await endProcess({ ...identity, startedAt: 'an-earlier-boot/1' }, 'SIGTERM', 100)).toBe(false);
    expect(isRunning(identity)).toBe(true);
    child.kill('SIGKILL');
  });
});
