import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { definitionJsonSchema, stewardJsonSchema } from '../../../src/domain/definitions/index.js';

describe('the committed JSON Schemas', () => {
  it.each([
    ['definition.schema.json', definitionJsonSchema],
    ['steward.schema.json', stewardJsonSchema],
  ])('%s matches the code (else run config/tooling/write-schemas.ts)', (name, schema) => {
    const committed: unknown = JSON.parse(readFileSync(new URL(`../../../config/${name}`, import.meta.url), 'utf8'));
    expect(committed).toEqual(JSON.parse(JSON.stringify(schema())));
  });
});
