import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { z } from 'zod';
import { allRoutes, apiDocument } from '../../support/api-document.js';

const path = join(import.meta.dirname, '../../../config/openapi.json');
const document = apiDocument();

/** The parts of OpenAPI 3.1 that we use, closed: what the specification does not name there fails. */
const schema = z.record(z.string(), z.unknown());
const content = z.record(z.string(), z.strictObject({ schema }));
const operation = z.strictObject({
  operationId: z.string().regex(/^[a-z][A-Za-z]+$/),
  tags: z.array(z.string()).length(1),
  summary: z.string().min(1),
  description: z.string().min(1),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z
    .array(
      z.strictObject({
        name: z.string(),
        in: z.enum(['path', 'query', 'header']),
        required: z.boolean(),
        description: z.string().optional(),
        schema,
      }),
    )
    .optional(),
  requestBody: z.strictObject({ required: z.boolean().optional(), content }).optional(),
  responses: z.record(
    z.string().regex(/^([2345]\d\d|default)$/),
    z.strictObject({
      description: z.string().min(1),
      headers: z.record(z.string(), z.strictObject({ description: z.string(), schema })).optional(),
      content: content.optional(),
    }),
  ),
});
const openApi = z.strictObject({
  openapi: z.literal('3.1.0'),
  info: z.strictObject({
    title: z.string(),
    version: z.string(),
    description: z.string(),
    license: z.strictObject({ name: z.string(), identifier: z.string() }),
  }),
  servers: z.array(z.strictObject({ url: z.string() })),
  components: z.strictObject({
    securitySchemes: z.record(
      z.string(),
      z.strictObject({
        type: z.literal('http'),
        scheme: z.literal('bearer'),
        bearerFormat: z.string(),
        description: z.string(),
      }),
    ),
    schemas: z.record(z.string().regex(/^[A-Za-z0-9._-]+$/), schema),
    parameters: z.strictObject({}).optional(),
  }),
  paths: z.record(
    z.string().startsWith('/'),
    z.partialRecord(z.enum(['get', 'post', 'put', 'patch', 'delete']), operation),
  ),
  webhooks: z.strictObject({}).optional(),
});

const parsed = openApi.parse(document);
const operations = Object.entries(parsed.paths).flatMap(([route, methods]) =>
  Object.entries(methods).map(([method, declared]) => ({ route, method, ...declared })),
);

/** Every object in a value, with what is written under `$ref` in it. */
function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : references(inner),
  );
}

describe('config/openapi.json', () => {
  // UPDATE_GENERATED=1 writes it anew.
  it('is what the service answers at /openapi.json', async () => {
    const text = await format(JSON.stringify(document), { parser: 'json', printWidth: 120 });
    if (process.env['UPDATE_GENERATED'] === '1') writeFileSync(path, text);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('has every route, under an operation ID of its own', () => {
    const routes = allRoutes().map(({ prefix, route }) => `${route.method} ${prefix}${route.path}`);
    expect(operations.map(({ method, route }) => `${method} ${route}`).sort()).toEqual([...routes].sort());
    const ids = operations.map(({ operationId }) => operationId);
    expect(ids).toEqual([...new Set(ids)]);
  });

  it('refers to nothing that it does not hold, and holds no schema that nothing refers to', () => {
    const named = Object.keys(parsed.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect([...new Set(references(document))].sort()).toEqual(named.sort());
  });

  it('declares the names in each path, and no others, and what is sent is answered', () => {
    for (const { operationId, route, parameters = [], responses } of operations) {
      const inPath = parameters.filter((one) => one.in === 'path');
      const names = [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect([operationId, inPath.map(({ name }) => name).sort()]).toEqual([operationId, names.sort()]);
      expect([operationId, inPath.every(({ required }) => required)]).toEqual([operationId, true]);
      const places = parameters.map((one) => `${one.in} ${one.name}`);
      expect(places).toEqual([...new Set(places)]);
      expect([operationId, Object.keys(responses).some((status) => /^[23]/.test(status))]).toEqual([operationId, true]);
    }
  });

  it('asks for a key by a scheme that it describes', () => {
    for (const { security } of operations) for (const one of security) expect(Object.keys(one)).toEqual(['apiKey']);
    expect(Object.keys(parsed.components.securitySchemes)).toEqual(['apiKey']);
    const open = operations.filter(({ security }) => security.length === 0).map(({ operationId }) => operationId);
    expect(open.sort()).toEqual(['getHealth', 'getOpenApi', 'getProblemKind', 'getReadiness', 'receiveDelivery']);
  });

  it('holds JSON Schemas of the dialect of OpenAPI 3.1, each of which can be used', () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
    ajv.addSchema({ ...document, $id: 'document' });
    const all: unknown[] = [
      ...Object.values(parsed.components.schemas),
      ...operations.flatMap(({ parameters = [], requestBody, responses }) => [
        ...parameters.map((one) => one.schema),
        ...Object.values(requestBody?.content ?? {}).map((one) => one.schema),
        ...Object.values(responses).flatMap((one) => Object.values(one.content ?? {}).map((media) => media.schema)),
      ]),
    ];
    expect(all.length).toBeGreaterThan(100);
    for (const one of all) {
      expect([ajv.validateSchema(one as object), ajv.errors]).toEqual([true, null]);
      const absolute = JSON.parse(JSON.stringify(one).replaceAll('"#/', '"document#/')) as object;
      expect(() => ajv.compile(absolute)).not.toThrow();
    }
  });
});
