// Jest's global teardown: stops the servers that this run started and that nobody else uses. Jest loads it outside its
// own module system, so it brings its own way to read TypeScript.
import { tsImport } from 'tsx/esm/api';

export default async function release() {
  const { releaseAll } = await tsImport('../odoo/index.ts', import.meta.url);
  await releaseAll();
}
