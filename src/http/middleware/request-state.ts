import type { Response } from 'express';
import type { Logger } from 'pino';

/** What middleware notes of a request for those after it. */
export interface RequestState {
  readonly id: string;
  log: Logger;
  /** The route's path in braces, once it is known: for metrics and spans, which must not grow with what clients invent. */
  route: string | null;
  /** The caller, as the audit log spells it, once known. */
  actor: string | null;
  keyId: string | null;
}

const states = new WeakMap<object, RequestState>();

export const setState = (res: Response, state: RequestState): void => void states.set(res, state);

/** Throws when the request's ID was never given: a mistake in the order of middleware. */
export function stateOf(res: Response): RequestState {
  const state = states.get(res);
  if (state === undefined) throw new Error('The request has no state: identify() comes first');
  return state;
}
