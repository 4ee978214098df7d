import {
  OpenApiGeneratorV31,
  OpenAPIRegistry,
  type ResponseConfig,
  type RouteConfig,
} from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { problemKinds, type ProblemCode } from './problems/catalogue.js';
import { problemDetails } from './problems/http-problem.js';
import { paramsSchema, type Route } from './route.js';

export type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;

/** A route at its full path, as it is served. */
export interface MountedRoute {
  readonly prefix: string;
  readonly route: Route;
}

/** The document of these routes. The same routes give the same document. */
export function renderOpenApi(routes: readonly MountedRoute[], version: string): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'apiKey', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'osk_<prefix>_<secret>',
    description: 'An API key of this service. Its scopes are instance patterns × verbs.',
  });
  for (const one of routes) registry.registerPath(toPath(one));
  const document = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'odoo-steward',
      version,
      description: 'Server actions and scheduled actions of Odoo, kept in git: plan, apply, drift, trigger, watch.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
  });
  return JSON.parse(JSON.stringify(document, withoutFlags)) as OpenApiDocument;
}

/** The generator writes a regular expression's flag into the pattern, where JSON Schema has none (and means `u`). */
const withoutFlags = (key: string, value: unknown): unknown =>
  key === 'pattern' && typeof value === 'string' ? value.replace(/\$\/u$/, '$') : value;

function toPath({ prefix, route }: MountedRoute): RouteConfig {
  const { method, path, operationId, tag, summary, description = '', scope, request = {}, responses } = route;
  const params = paramsSchema(route);
  const needsKey = scope !== 'public' && scope !== 'signature';
  return {
    method,
    path: `${prefix}${path}`,
    operationId,
    tags: [tag],
    summary,
    description: [description, explainScope(route)].filter((text) => text !== '').join('\n\n'),
    security: needsKey ? [{ apiKey: [] }] : [],
    request: {
      ...(Object.keys(params.shape).length === 0 ? {} : { params }),
      ...(request.query === undefined ? {} : { query: request.query }),
      ...(request.headers === undefined ? {} : { headers: request.headers }),
      ...(request.body === undefined
        ? {}
        : {
            body:
              request.body === 'raw'
                ? { content: { '*/*': { schema: z.string() } } }
                : {
                    required: !request.body.safeParse(undefined).success,
                    content: { 'application/json': { schema: request.body } },
                  },
          }),
    },
    responses: { ...toResponses(responses), ...problemResponses(route) },
  };
}

function explainScope({ scope, path, reach }: Route): string {
  if (scope === 'public') return 'Needs no key.';
  if (scope === 'signature') return 'Needs no key: the request is signed by its sender.';
  if (scope === 'authenticated') return 'Needs a key, whatever its scopes.';
  const where = path.includes('{instance}')
    ? 'on this instance'
    : reach === 'some_instance'
      ? 'on some instance; what belongs to others is not shown'
      : 'on all instances (`*`)';
  return `Needs the verb \`${scope}\` ${where}.`;
}

function toResponses(responses: Route['responses']): Record<string, ResponseConfig> {
  return Object.fromEntries(
    Object.entries(responses).map(([status, { description, schema, types = [], headers }]) => {
      const content = {
        ...(schema === undefined ? {} : { 'application/json': { schema } }),
        ...Object.fromEntries(types.map((type) => [type, { schema: z.string() }])),
      };
      const named = Object.entries(headers ?? {}).map(
        ([name, text]) => [name, { description: text, schema: { type: 'string' as const } }] as const,
      );
      return [
        status,
        {
          description,
          ...(Object.keys(content).length === 0 ? {} : { content }),
          ...(named.length === 0 ? {} : { headers: Object.fromEntries(named) }),
        },
      ];
    }),
  );
}

/** Each status that a problem of this route may have, with its codes; `default` for what stands before any route. */
function problemResponses(route: Route): Record<string, ResponseConfig> {
  const { scope, request, problems = [] } = route;
  const takesBody = request?.body !== undefined && request.body !== 'raw';
  const codes: ProblemCode[] = [
    ...(scope === 'public' || scope === 'signature' ? [] : (['unauthenticated'] as const)),
    ...(scope === 'public' || scope === 'signature' || scope === 'authenticated' ? [] : (['forbidden'] as const)),
    ...(scope === 'signature' ? (['signature_invalid'] as const) : []),
    ...(takesBody ? (['invalid_body', 'malformed_json', 'unsupported_media_type'] as const) : []),
    ...(request?.body === undefined ? [] : (['body_too_large'] as const)),
    'invalid_request',
    'rate_limited',
    ...problems,
  ];
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of new Set(codes)) {
    const { status } = problemKinds[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const content = { 'application/problem+json': { schema: problemDetails } };
  const listed = [...byStatus].map(([status, some]): [string, ResponseConfig] => [
    String(status),
    { description: some.map((code) => `\`${code}\`: ${problemKinds[code].title}`).join('; '), content },
  ]);
  // A status that is a success here (503 of /readyz) stays one.
  const free = listed.filter(([status]) => !Object.hasOwn(route.responses, status));
  return { ...Object.fromEntries(free), default: { description: 'Any other problem', content } };
}
