import type { Request, RequestHandler, Response } from 'express';
import { HttpProblem } from './problems/http-problem.js';
import type { Route } from './route.js';

/** Reads a request's body as its route takes it: into `req.body`, JSON or bytes. Throws `HttpProblem`. */
export type ReadBody = (route: Pick<Route, 'request'>, req: Request) => Promise<void>;

const noBytes = Buffer.alloc(0);

/**
 * Bodies in UTF-8 of at most `maxBytes`. Compressed ones are refused: what they unpack to is nobody's promise. A body
 * that is too large is refused as soon as that is known (Express's own parsers read all of it first).
 */
export function createReadBody(maxBytes: number): ReadBody {
  return async (route, req) => {
    const wanted = route.request?.body;
    if (!hasBody(req)) {
      if (wanted === 'raw') req.body = noBytes;
      else if (wanted !== undefined && !wanted.safeParse(undefined).success) {
        throw new HttpProblem('body_missing', 'Send a JSON object, as `application/json`.');
      }
      return;
    }
    if (wanted === undefined) throw new HttpProblem('body_not_allowed', 'Send this request without a body.');
    if (!/^(identity)?$/i.test(req.get('content-encoding') ?? '')) {
      throw new HttpProblem('unsupported_media_type', 'Send the body without a content encoding.');
    }
    if (wanted !== 'raw' && !isJson(req)) {
      throw new HttpProblem('unsupported_media_type', 'Send the body as `application/json`, in UTF-8.');
    }
    const bytes = await readBytes(req, maxBytes);
    req.body = wanted === 'raw' ? bytes : parseJson(bytes);
  };
}

const hasBody = (req: Request): boolean =>
  req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;

const isJson = (req: Request): boolean => {
  const charset = /charset *= *"?([^";,]*)/i.exec(req.get('content-type') ?? '')?.[1] ?? 'utf-8';
  return typeof req.is(['application/json', 'application/*+json']) === 'string' && /^utf-?8$/i.test(charset.trim());
};

function readBytes(req: Request, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const tooLarge = new HttpProblem('body_too_large', `The body is larger than ${maxBytes} bytes.`);
    if (Number(req.headers['content-length'] ?? 0) > maxBytes) {
      reject(tooLarge);
      return;
    }
    const parts: Buffer[] = [];
    let length = 0;
    const finish = (error: Error | null): void => {
      req.off('data', onData).off('end', onEnd).off('error', onBreak).off('close', onBreak);
      if (error === null) resolve(Buffer.concat(parts));
      else reject(error);
    };
    const onData = (part: Buffer): void => {
      length += part.length;
      parts.push(part);
      if (length <= maxBytes) return;
      req.pause();
      finish(tooLarge);
    };
    const onEnd = (): void => finish(null);
    const onBreak = (): void => finish(new HttpProblem('malformed_request', 'The body broke off.'));
    req.on('data', onData).on('end', onEnd).on('error', onBreak).on('close', onBreak);
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    // The parser's own words quote the body.
    throw new HttpProblem('malformed_json', 'The body cannot be read as JSON.');
  }
}

/** An Express middleware as a promise. */
export function run(middleware: RequestHandler, req: Request, res: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = (error?: unknown): void => {
      if (error === undefined || error === null) resolve();
      else reject(error instanceof Error ? error : new Error('A middleware failed'));
    };
    void middleware(req, res, next);
  });
}
