import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hasEnded, nameThisProcess, showProcess } from '../../../src/process-name.js';

/** The same name with other parts. */
function renamed(change: (parts: string[]) => void): string {
  const parts = nameThisProcess().split(':');
  change(parts);
  return parts.join(':');
}

describe('hasEnded', () => {
  it('knows that this process runs, also with what a lease adds to its name', () => {
    expect(hasEnded(nameThisProcess())).toBe(false);
    expect(hasEnded(`${nameThisProcess()}/apply-1`)).toBe(false);
  });

  it('knows when a process of this machine is gone', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    const { pid } = child;
    await once(child, 'exit');
    expect(hasEnded(renamed((parts) => (parts[1] = String(pid))))).toBe(true);
  });

  it('takes a later process with the same number for another one', () => {
    expect(hasEnded(renamed((parts) => (parts[3] = '0123456789ab')))).toBe(true);
  });

  it('claims nothing of other machines, of processes that tell too little, or of other names', () => {
    expect(hasEnded(renamed((parts) => (parts[2] = '0123456789ab')))).toBe(false);
    expect(hasEnded(renamed((parts) => (parts[2] = '-')))).toBe(false);
    expect(hasEnded(renamed((parts) => (parts[3] = '-')))).toBe(false);
    expect(hasEnded('host:99999999:abc')).toBe(false);
    expect(hasEnded('')).toBe(false);
  });

  it('gives each name once, for two services in one process', () => {
    expect(nameThisProcess()).not.toBe(nameThisProcess());
  });
});

describe('showProcess', () => {
  it('says number and host', () => {
    expect(showProcess('web-1:4711:a:b:c/apply')).toBe('process 4711 on web-1');
  });
});
