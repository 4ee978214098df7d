// Writes the JSON Schemas that editors use. A test fails when they are stale:
//   node --import tsx config/tooling/write-schemas.ts
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { definitionJsonSchema, stewardJsonSchema } from '../../src/domain/definitions/index.js';

const config = join(import.meta.dirname, '..');
const write = (name: string, schema: unknown): void =>
  writeFileSync(join(config, name), `${JSON.stringify(schema, null, 2)}\n`);

write('definition.schema.json', definitionJsonSchema());
write('steward.schema.json', stewardJsonSchema());
