import { describe, expect, it } from '@jest/globals';
import { renderOdooConfig } from '../../odoo/odoo-config.js';

describe('renderOdooConfig', () => {
  const cluster = { process: { pid: 1, startedAt: 'x/1' }, port: 25432, password: 'secret' };

  it('listens on this machine only and runs no schedules on the shared server', () => {
    const lines = renderOdooConfig('19', cluster, { port: 20019, cronThreads: 0, databases: [] }).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'http_interface = 127.0.0.1',
        'http_port = 20019',
        'max_cron_threads = 0',
        'db_port = 25432',
        'db_user = odoo19',
      ]),
    );
    expect(lines.some((line) => line.startsWith('dbfilter') || line.startsWith('db_name'))).toBe(false);
  });

  it('tells a server of one process its databases and no others', () => {
    const text = renderOdooConfig('19', cluster, { port: 1, cronThreads: 1, databases: ['a', 'b'] });
    expect(text).toContain('db_name = a,b\n');
    expect(text).toContain('dbfilter = ^(a|b)$\n');
  });
});
