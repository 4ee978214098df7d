import { withoutApiKeys } from '../../domain/access/api-key.js';
import { isOdooError } from '../../domain/odoo-error.js';
import type { Problem } from '../../domain/problem.js';
import { isProblemCode, problemKinds, type ProblemCode } from './catalogue.js';
import { HttpProblem, type ProblemDetails, type ProblemPart } from './http-problem.js';

export interface ProblemReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ProblemDetails;
}

const MAX_PARTS = 200;
const STORE_RETRY_SECONDS = '5';

/**
 * What the client is told of an error. Errors of ours keep their code and words; of anything else the client learns
 * the request's ID alone. Pure.
 */
export function toProblem(error: unknown, requestId: string): ProblemReply {
  const found = toHttpProblem(error);
  const { status, title } = problemKinds[found.code];
  const { problems = [], headers = {} } = found.facts;
  const outcome = isOdooError(error) ? { outcome: error.outcome } : {};
  return {
    status,
    headers,
    body: {
      type: `/problems/${found.code}`,
      title,
      status,
      detail: withoutSecrets(found.message),
      instance: `urn:odoo-steward:request:${requestId}`,
      code: found.code,
      requestId,
      ...outcome,
      ...(problems.length === 0
        ? {}
        : {
            problems: problems.slice(0, MAX_PARTS).map((part) => ({ ...part, message: withoutSecrets(part.message) })),
          }),
    },
  };
}

/** Whether somebody has to look at it: a defect of ours, not a refusal. */
export const isDefect = (error: unknown): boolean => toHttpProblem(error).code === 'internal';

function toHttpProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (!(error instanceof Error)) return internal();
  const code = codeOf(error);
  if (code === null) return fromFramework(error);
  if (code === 'internal') return internal();
  // Where the store lives is for the log, not for the client.
  const message = isStoreTrouble(code) ? `${problemKinds[code].title}: try again later.` : error.message;
  return new HttpProblem(code, message, { problems: problemsOf(error), headers: retryAfter(error, code) });
}

const isStoreTrouble = (code: ProblemCode): boolean => code.startsWith('store_');

const codeOf = (error: Error): ProblemCode | null => ('code' in error && isProblemCode(error.code) ? error.code : null);

const internal = (): HttpProblem =>
  new HttpProblem('internal', 'This is a defect of the service, and was logged: report it with the ID of the request.');

function retryAfter(error: Error, code: ProblemCode): Record<string, string> {
  if (isStoreTrouble(code)) return { 'Retry-After': STORE_RETRY_SECONDS };
  const wait = 'retryAfterMs' in error && typeof error.retryAfterMs === 'number' ? error.retryAfterMs : null;
  return wait === null ? {} : { 'Retry-After': String(Math.max(1, Math.ceil(wait / 1000))) };
}

function problemsOf(error: Error): readonly ProblemPart[] {
  if (!('problems' in error) || !Array.isArray(error.problems)) return [];
  return (error.problems as readonly Problem[]).map(({ code, message, at }) => ({
    code,
    message,
    at: at === null ? null : { file: at.file, line: at.line, column: at.column },
  }));
}

/** Express marks what clients got wrong with a status; its own words may quote the request. */
function fromFramework(error: Error): HttpProblem {
  const status = 'status' in error && typeof error.status === 'number' ? error.status : 500;
  if (status >= 400 && status < 500) return new HttpProblem('malformed_request', 'The request cannot be read.');
  return internal();
}

/** Our errors hold no secret; this is for the day on which one does. */
const withoutSecrets = (text: string): string =>
  withoutApiKeys(text)
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, '$1…@')
    .replace(/\b(Bearer|Basic) +[A-Za-z0-9+/=._~-]{8,}/gi, '$1 …');
