import type { RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { stateOf } from './request-state.js';

/** Headers that never reach a log, whoever logs a request. */
const secretHeaders: readonly string[] = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-gitlab-token',
  'x-hub-signature',
  'x-hub-signature-256',
  'x-gitea-signature',
  'x-forgejo-signature',
  'x-gogs-signature',
];

/** One line a request when it has ended, without its query (which may hold what people searched for) and its headers. */
export function logRequests(log: Logger): RequestHandler {
  const middleware = pinoHttp({
    logger: log,
    quietReqLogger: true,
    redact: secretHeaders.flatMap((name) => [`req.headers["${name}"]`, `res.headers["${name}"]`]),
    genReqId: (_req, res) => stateOf(res as Response).id,
    serializers: {
      req: ({
        id,
        method,
        url,
        remoteAddress,
      }: {
        id: string;
        method: string;
        url: string;
        remoteAddress: string;
      }) => ({
        id,
        method,
        path: url.split('?', 1)[0],
        remoteAddress,
      }),
      res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
    },
    customLogLevel: (_req, res, error) =>
      error !== undefined || res.statusCode >= 500 ? 'error' : res.statusCode >= 400 ? 'warn' : 'info',
    customSuccessObject: (_req, res, value: object) => ({ ...value, ...noted(res as Response) }),
    // The error itself is logged where it is turned into a problem, once.
    customErrorObject: (_req, res, _error, value: object) => ({ ...value, ...noted(res as Response), err: undefined }),
    autoLogging: { ignore: (req) => req.url === '/healthz' || req.url === '/readyz' },
  });
  return (req, res, next) => middleware(req, res, next);
}

function noted(res: Response): object {
  const { route, actor } = stateOf(res);
  return { route, actor };
}
