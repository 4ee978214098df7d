import { afterAll, beforeAll, describe } from '@jest/globals';
import type { Protocol } from '../../../src/odoo/index.js';
import { startOdoo, type OdooVersion, type TestDatabase, type TestOdoo } from '../../odoo/index.js';
import { protocolsOf } from '../../support/sync-harness.js';

export interface Wire {
  readonly version: OdooVersion;
  readonly protocol: Protocol;
  /** A database of its own; to be asked for by the tests and what comes before each. */
  readonly createDatabase: () => Promise<TestDatabase>;
}

/** The same tests for each version of Odoo, over each protocol that it speaks. */
export function onEveryWire(title: string, tests: (wire: Wire) => void): void {
  describe.each(['19', '14'] as const)(`${title} Odoo %s`, (version) => {
    let odoo: TestOdoo | null = null;
    const createDatabase = (): Promise<TestDatabase> => {
      if (odoo === null) throw new Error('the server is not up yet');
      return odoo.createDatabase('base');
    };
    beforeAll(async () => {
      odoo = await startOdoo(version);
    }, 600_000);
    afterAll(() => odoo?.dispose());

    describe.each(protocolsOf[version])('over %s', (protocol) => tests({ version, protocol, createDatabase }));
  });
}
