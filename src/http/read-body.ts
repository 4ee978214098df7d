import express, { type Request, type RequestHandler, type Response } from 'express';
import { HttpProblem } from './problems/http-problem.js';
import type { Route } from './route.js';

/** Reads a request's body as its route takes it: into `req.body`, JSON or bytes. Throws `HttpProblem`. */
export type ReadBody = (route: Pick<Route, 'request'>, req: Request, res: Response) => Promise<void>;

const noBytes = Buffer.alloc(0);

/** Compressed bodies are refused: what they unpack to is nobody's promise. */
export function createReadBody(maxBytes: number): ReadBody {
  const readJson = express.json({ limit: maxBytes, inflate: false, type: isAny });
  const readBytes = express.raw({ limit: maxBytes, inflate: false, type: isAny });

  return async (route, req, res) => {
    const wanted = route.request?.body;
    if (!hasBody(req)) {
      if (wanted === 'raw') req.body = noBytes;
      else if (wanted !== undefined && !wanted.safeParse(undefined).success) {
        throw new HttpProblem('body_missing', 'Send a JSON object, as `application/json`.');
      }
      return;
    }
    if (wanted === undefined) throw new HttpProblem('body_not_allowed', 'Send this request without a body.');
    if (wanted === 'raw') {
      await run(readBytes, req, res);
      return;
    }
    if (req.is(['application/json', 'application/*+json']) === false) {
      throw new HttpProblem('unsupported_media_type', 'Send the body as `application/json`.');
    }
    await run(readJson, req, res);
  };
}

const isAny = (): boolean => true;

const hasBody = (req: Request): boolean =>
  req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;

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
