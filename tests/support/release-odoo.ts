import { releaseAll } from '../odoo/index.js';

/** Jest's global teardown: stops the servers that this run started and that nobody else uses. */
export default async function release(): Promise<void> {
  await releaseAll();
}
