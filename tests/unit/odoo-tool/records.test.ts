import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ownIdentity } from '../../odoo/process-identity.js';
import { isOwn, leaseRecords, readLiveLeases } from '../../odoo/records.js';

describe('leases', () => {
  let folder: string;
  const dead = { pid: process.pid, startedAt: 'an-earlier-boot/1' };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'odoo-leases-'));
    process.env['ODOO_STEWARD_CACHE'] = folder;
  });

  afterEach(() => {
    delete process.env['ODOO_STEWARD_CACHE'];
    rmSync(folder, { recursive: true, force: true });
  });

  it('count while their process runs', () => {
    leaseRecords.write({ version: '19', holder: ownIdentity() });
    expect(readLiveLeases('19')).toEqual([{ version: '19', holder: ownIdentity() }]);
    expect(readLiveLeases('14')).toEqual([]);
    expect(readLiveLeases()).toHaveLength(1);
  });

  it('of a process that has ended do not count and are removed', () => {
    leaseRecords.write({ version: '19', holder: dead });
    expect(readLiveLeases('19')).toEqual([]);
    expect(leaseRecords.list()).toEqual([]);
  });

  it('of "up" count until they are removed', () => {
    leaseRecords.write({ version: '14', holder: 'kept' });
    expect(readLiveLeases('14')).toEqual([{ version: '14', holder: 'kept' }]);
    leaseRecords.remove({ version: '14', holder: 'kept' });
    expect(readLiveLeases('14')).toEqual([]);
  });

  it('are told apart by who holds them', () => {
    expect(isOwn(ownIdentity())).toBe(true);
    expect([dead, 'kept' as const, null].map(isOwn)).toEqual([false, false, false]);
  });

  it('that are no JSON or of another shape are left out', () => {
    mkdirSync(join(folder, 'leases'));
    writeFileSync(join(folder, 'leases', 'half.json'), '{"version": "19", "hol');
    writeFileSync(join(folder, 'leases', 'other.json'), '{"version": "19"}');
    writeFileSync(join(folder, 'leases', 'wrong.json'), '{"version": "19", "holder": 17}');
    expect(leaseRecords.list()).toEqual([]);
  });
});
