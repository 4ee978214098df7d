import { beforeEach, describe, expect, it } from '@jest/globals';
import { CannotListen, toCannotListen } from '../../../src/cannot-listen.js';
import { CliHarness } from '../../support/cli-harness.js';

let cli: CliHarness;
beforeEach(() => {
  cli = new CliHarness();
});

/** Until the service listens, and so hears signals. */
const listening = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('serve', () => {
  it('says where it listens, and drains at the first signal', async () => {
    let stops = 0;
    cli.service = { ...cli.service, stop: () => Promise.resolve(void (stops += 1)) };
    const running = cli.run('serve');
    await listening();
    cli.interrupt(1);
    expect(await running).toEqual({
      code: 0,
      out: '',
      err: 'odoo-steward listens on http://127.0.0.1:3000 (API: http://127.0.0.1:3000/docs)\nStopping: what is under way comes to its end first; a second signal stops at once.\n',
    });
    expect(stops).toBe(1);
  });

  it('stops at once at the second one, with a sentence', async () => {
    let cuts = 0;
    const never = new Promise<void>(() => undefined);
    cli.service = { ...cli.service, stop: () => never, cut: () => void (cuts += 1) };
    const running = cli.run('serve');
    await listening();
    cli.interrupt(1);
    cli.interrupt(2);
    expect(await running).toMatchObject({ code: 1, err: expect.stringMatching(/\nStopped at once: [^\n]+\n$/) });
    expect(cuts).toBe(1);
  });

  it('teaches what is missing: an instance, a first key', async () => {
    cli.service = { ...cli.service, hasKeys: false, howToAddInstance: 'There is no instance: set ODOO_URL' };
    const running = cli.run('serve');
    await listening();
    cli.interrupt(1);
    const { err } = await running;
    expect(err).toContain('There is no instance: set ODOO_URL.\n');
    expect(err).toContain('There is no API key yet: "odoo-steward keys create" makes the first one.\n');
  });
});

describe('toCannotListen', () => {
  const at = { host: '::1', port: 80 };

  it.each([
    ['EADDRINUSE', '[::1]:80 is taken'],
    ['EACCES', 'may not listen on [::1]:80'],
    ['EADDRNOTAVAIL', 'has the address ::1'],
    ['ENOTFOUND', '::1 is not known here'],
  ])('says of %s what to do', (code, words) => {
    const error = toCannotListen(Object.assign(new Error('listen'), { code }), at);
    expect(error).toBeInstanceOf(CannotListen);
    expect(error).toMatchObject({ message: expect.stringContaining(words) });
  });

  it('leaves other errors as they are', () => {
    const other = new Error('defect');
    expect(toCannotListen(other, at)).toBe(other);
  });
});
