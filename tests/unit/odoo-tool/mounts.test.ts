import { mkdirSync, mkdtempSync, existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { mountsWithin, processesRootedIn, removeTree } from '../../odoo/mounts.js';

const mountinfo = [
  '22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw',
  '30 22 0:25 / /var/cache/odoo-steward/19/proc rw - proc proc rw',
  '31 22 0:26 / /var/cache/odoo-steward/19.partial rw - tmpfs none rw',
  '32 22 0:27 / /srv/with\\040space/dev rw - tmpfs none rw',
].join('\n');

describe('mountsWithin', () => {
  it('finds what is mounted at a folder or below it', () => {
    expect(mountsWithin('/var/cache/odoo-steward/19', mountinfo)).toEqual(['/var/cache/odoo-steward/19/proc']);
    expect(mountsWithin('/var/cache/odoo-steward/19.partial', mountinfo)).toEqual([
      '/var/cache/odoo-steward/19.partial',
    ]);
  });

  it('does not take a folder whose name only begins the same', () => {
    expect(mountsWithin('/var/cache/odoo-steward/1', mountinfo)).toEqual([]);
  });

  it('reads the escapes of the kernel', () => {
    expect(mountsWithin('/srv/with space', mountinfo)).toEqual(['/srv/with space/dev']);
  });
});

describe('removeTree', () => {
  it('removes a folder with all it holds, and does nothing when there is none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'remove-tree-'));
    mkdirSync(join(folder, 'a/b'), { recursive: true });
    await removeTree(folder);
    expect(existsSync(folder)).toBe(false);
    await removeTree(folder);
  });

  it('refuses while something is mounted in it', async () => {
    await expect(removeTree('/proc/sys/..')).rejects.toThrow(/mounted/);
  });
});

describe('processesRootedIn', () => {
  it('finds no process in a folder that none runs from', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rooted-in-'));
    expect(processesRootedIn(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});
