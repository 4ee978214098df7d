import { z } from 'zod';
import type { ProblemCode } from './catalogue.js';

/** Where in a request something is wrong: a JSON pointer (RFC 6901) into one part of it. */
export interface RequestPlace {
  readonly in: 'body' | 'query' | 'path' | 'header';
  readonly pointer: string;
}

export interface ProblemPart {
  readonly code: string;
  readonly message: string;
  readonly at: RequestPlace | { readonly file: string; readonly line: number; readonly column: number } | null;
}

export interface HttpProblemFacts {
  readonly problems?: readonly ProblemPart[];
  /** Sent beside the body: `Allow`, `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal by this face of the service itself. `message` is what the client reads. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  constructor(
    readonly code: ProblemCode,
    message: string,
    readonly facts: HttpProblemFacts = {},
  ) {
    super(message);
  }
}

/** RFC 9457, as it is sent. */
export const problemDetails = z
  .object({
    type: z.string().meta({ description: 'Says what the code means', examples: ['/problems/plan_stale'] }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What is wrong here, and what to do' }),
    instance: z.string().meta({ description: 'The request, as `urn:odoo-steward:request:<id>`' }),
    code: z.string().meta({ description: 'Stable; what scripts look at' }),
    requestId: z.string(),
    outcome: z
      .enum(['not_done', 'unknown'])
      .optional()
      .meta({ description: 'Of a call to Odoo: `unknown` means that Odoo may have carried it out' }),
    problems: z
      .array(
        z.object({
          code: z.string(),
          message: z.string(),
          at: z
            .union([
              z.object({ file: z.string(), line: z.int(), column: z.int() }),
              z.object({ in: z.enum(['body', 'query', 'path', 'header']), pointer: z.string() }),
            ])
            .nullable(),
        }),
      )
      .optional()
      .meta({ description: 'Every single mistake, with its place' }),
  })
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457)' });

export type ProblemDetails = z.output<typeof problemDetails>;
