import type { Request } from 'express';
import type { z } from 'zod';
import { HttpProblem, type ProblemPart, type RequestPlace } from './problems/http-problem.js';
import { paramsSchema, type Route } from './route.js';

export interface ParsedRequest {
  readonly params: unknown;
  readonly query: unknown;
  readonly headers: unknown;
  readonly body: unknown;
}

/**
 * The parts of a request after the route's schemas, with every mistake at once: `invalid_request` for query and headers,
 * `invalid_body` for the body. A path that cannot be one of ours is `not_found`.
 */
export function parseRequest(route: Pick<Route, 'path' | 'request'>, req: Request): ParsedRequest {
  const { query, headers, body } = route.request ?? {};
  const params = paramsSchema(route).safeParse(req.params);
  if (!params.success) throw new HttpProblem('not_found', 'There is nothing at this path.');

  const problems: ProblemPart[] = [];
  const parse = (schema: z.ZodType | undefined, value: unknown, place: RequestPlace['in']): unknown => {
    if (schema === undefined) return undefined;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    problems.push(...toParts(result.error.issues, place));
    return undefined;
  };
  if (query === undefined) problems.push(...refuseAll(req.query));
  const parsedQuery = parse(query?.strict(), req.query, 'query');
  const parsedHeaders = parse(headers, req.headers, 'header');
  if (problems.length > 0) throw new HttpProblem('invalid_request', explain(problems), { problems });
  const parsedBody = body === undefined || body === 'raw' ? undefined : parse(body, req.body, 'body');
  if (problems.length > 0) throw new HttpProblem('invalid_body', explain(problems), { problems });
  return { params: params.data, query: parsedQuery, headers: parsedHeaders, body: parsedBody };
}

const explain = (problems: readonly ProblemPart[]): string =>
  problems.length === 1 ? 'One mistake: see `problems`.' : `${problems.length} mistakes: see \`problems\`.`;

const refuseAll = (query: object): ProblemPart[] =>
  Object.keys(query).map((name) => unknownName(name, { in: 'query', pointer: toPointer([name]) }));

function toParts(issues: readonly z.core.$ZodIssue[], place: RequestPlace['in']): ProblemPart[] {
  return issues.flatMap((issue): ProblemPart[] => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => unknownName(key, { in: place, pointer: toPointer([...issue.path, key]) }));
    }
    return [{ code: issue.code, message: issue.message, at: { in: place, pointer: toPointer(issue.path) } }];
  });
}

const unknownName = (name: string, at: RequestPlace): ProblemPart => ({
  code: 'unknown_name',
  message: `\`${shorten(name)}\` is not read here.`,
  at,
});

/** RFC 6901. */
export const toPointer = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${shorten(String(part)).replace(/~/g, '~0').replace(/\//g, '~1')}`).join('');

const shorten = (name: string): string => (name.length > 80 ? `${name.slice(0, 80)}…` : name);
