import { z } from 'zod';
import { writtenDefinition } from './written-definition.js';
import { writtenSteward } from './written-steward.js';

type JsonSchema = Record<string, unknown>;

/** For editors: the schema of a definition file, as it is typed. */
export const definitionJsonSchema = (): JsonSchema => toJsonSchema(writtenDefinition, true);

/** For editors: the schema of steward.yaml. */
export const stewardJsonSchema = (): JsonSchema => toJsonSchema(writtenSteward, false);

/** `${name}` may stand for a value of any type. */
const variable = { type: 'string', pattern: '\\$\\{[a-z][a-z0-9_]*\\}' };

function toJsonSchema(schema: z.ZodType, variables: boolean): JsonSchema {
  const json = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-7',
    override: ({ zodSchema, jsonSchema }) => {
      const { def } = zodSchema._zod;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      const takesAnyText = def.type === 'string' && jsonSchema.pattern === undefined && jsonSchema.allOf === undefined;
      if (!variables || takesAnyText || !['number', 'boolean', 'string', 'enum'].includes(def.type)) return;
      const { description, ...own } = { ...jsonSchema };
      for (const key of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, key);
      Object.assign(jsonSchema, description === undefined ? {} : { description }, { anyOf: [own, variable] });
    },
  });
  return json;
}
