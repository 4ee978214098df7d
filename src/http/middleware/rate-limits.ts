import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { HttpProblem } from '../problems/http-problem.js';
import { stateOf } from './request-state.js';

export interface RateLimitSettings {
  /** Requests a minute from one address (an IPv6 network of 56 bits counts as one). */
  readonly perAddress: number;
  readonly perKey: number;
  /** Requests a minute from one address that show no valid key. */
  readonly failedPerAddress: number;
}

export interface RateLimits {
  readonly perAddress: RequestHandler;
  /** After the caller is known. */
  readonly perKey: RequestHandler;
  /** Only for requests that were not let in: a valid key works, whoever else knocks from the same address. */
  readonly failed: RequestHandler;
}

export const addressOf = (req: Request): string => ipKeyGenerator(req.ip ?? '0.0.0.0');

/** Counted in this process alone. Refusals are `rate_limited` problems with `Retry-After`. */
export function createRateLimits(settings: RateLimitSettings): RateLimits {
  const limiter = (identifier: string, limit: number, keyGenerator: (req: Request, res: Response) => string) =>
    rateLimit({
      windowMs: 60_000,
      limit,
      identifier,
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      keyGenerator,
      handler: (_req, _res, next) => next(new HttpProblem('rate_limited', 'Wait as long as Retry-After says.')),
      // Which proxies to believe is set exactly; whoever else sends X-Forwarded-For is simply not believed.
      validate: { xForwardedForHeader: false, forwardedHeader: false },
    });
  return {
    perAddress: limiter('address', settings.perAddress, addressOf),
    perKey: limiter('key', settings.perKey, (_req, res) => stateOf(res).keyId ?? 'none'),
    failed: limiter('failed', settings.failedPerAddress, addressOf),
  };
}
