import type { Request, RequestHandler, Response } from 'express';
import { Unauthenticated, type Authenticate } from '../app/service/authenticate.js';
import type { RefusalLog } from '../app/service/authenticate-refusals.js';
import { DeliveryRefused } from '../app/service/receive-delivery.js';
import { mayDo, maySomewhere, type Caller } from '../domain/access/may-do.js';
import type { Verb } from '../domain/access/scopes.js';
import { addressOf, type RateLimits } from './middleware/rate-limits.js';
import { stateOf } from './middleware/request-state.js';
import { parseRequest } from './parse-request.js';
import { HttpProblem } from './problems/http-problem.js';
import { run, type ReadBody } from './read-body.js';
import { pathNames, type AnyContext, type CallerContext, type Route } from './route.js';
import { sendReply, type SendDeps } from './send-reply.js';

export interface HandleDeps extends SendDeps {
  readonly authenticate: Authenticate;
  readonly refusals: Pick<RefusalLog, 'refused'>;
  readonly limits: RateLimits;
  readonly readBody: ReadBody;
}

/**
 * What happens to a request of a route, in this order: who is it, may they, can the answer be had in a form they accept,
 * is the body fit to be read, is it all as described; then the handler. Nothing of a body is read before the first two.
 */
export function handle(route: Route, deps: HandleDeps): RequestHandler {
  const offered = offeredTypes(route);
  return async (req, res) => {
    const access = await admit(route, deps, req, res);
    const accepts = offered.length === 0 ? 'application/json' : req.accepts([...offered]);
    if (accepts === false) throw new HttpProblem('not_acceptable', `This is available as ${offered.join(', ')}.`);
    await deps.readBody(route, req);
    const parsed = parseRequest(route, req);
    const { signal, release } = clientSignal(res);
    try {
      const { id, log } = stateOf(res);
      const common = {
        requestId: id,
        signal,
        log,
        accepts,
        url: req.originalUrl,
        header: headerOf(req),
        allHeaders: req.headers,
      };
      const rawBody = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
      const reply = await route.handler({ ...common, ...access, ...parsed, rawBody });
      await sendReply({ req, res }, reply, deps);
    } catch (error) {
      if (error instanceof DeliveryRefused) await noteForged(route, deps, req, res);
      // Nobody is there to read why; whoever listens for the signal gave up because of that.
      if (!res.destroyed) throw error;
      stateOf(res).log.debug({ err: error }, 'The client went away');
    } finally {
      release();
    }
  };
}

/** Whoever cannot sign is written down like whoever has no key. */
const noteForged = (route: Route, { refusals }: HandleDeps, req: Request, res: Response): Promise<void> =>
  refusals.refused({
    actor: 'anonymous',
    reason: 'signature_invalid',
    target: `${route.method.toUpperCase()} ${route.path}`,
    requestId: stateOf(res).id,
    address: addressOf(req),
  });

const offeredTypes = (route: Route): readonly string[] => [
  ...new Set(
    Object.values(route.responses).flatMap(({ schema, types = [] }) => [
      ...(schema === undefined ? [] : ['application/json']),
      ...types,
    ]),
  ),
];

const headerOf =
  (req: Request) =>
  (name: string): string | null =>
    req.get(name) || null;

/** The caller with what they may do; on routes for everybody, nobody at all. */
async function admit(
  route: Route,
  { authenticate, refusals, limits }: HandleDeps,
  req: Request,
  res: Response,
): Promise<Pick<AnyContext, keyof CallerContext>> {
  const state = stateOf(res);
  if (route.scope === 'public' || route.scope === 'signature') {
    return toAccess({ actor: 'anonymous', keyId: null, scopes: [] }, state.id, () => Promise.resolve());
  }
  const caller = await identifyCaller(authenticate, limits, req, res);
  state.actor = caller.actor;
  state.keyId = caller.keyId;
  await run(limits.perKey, req, res);

  const refuse = async (verb: Verb, instance: string | null): Promise<void> => {
    const target = `${route.method.toUpperCase()} ${route.path}`;
    const address = addressOf(req);
    const asked = instance?.slice(0, 64) ?? null;
    await refusals.refused({
      actor: caller.actor,
      reason: verb,
      target,
      instance: asked,
      requestId: state.id,
      address,
    });
  };
  const { scope } = route;
  if (scope !== 'authenticated') {
    const instance = pathNames(route.path).includes('instance') ? String(req.params['instance']) : null;
    const isAllowed =
      instance === null && route.reach === 'some_instance'
        ? maySomewhere(caller, scope)
        : mayDo(caller, scope, instance);
    if (!isAllowed) {
      await refuse(scope, instance);
      throw forbidden(scope, instance);
    }
  }
  return toAccess(caller, state.id, refuse);
}

const forbidden = (verb: Verb, instance: string | null): HttpProblem =>
  new HttpProblem('forbidden', `This key lacks the scope ${instance?.slice(0, 64) ?? '*'}:${verb}.`);

function toAccess(
  caller: Caller,
  requestId: string,
  refuse: (verb: Verb, instance: string | null) => Promise<void>,
): CallerContext {
  return {
    caller,
    actor: { actor: caller.actor, requestId },
    may: (verb, instance) => mayDo(caller, verb, instance),
    async mustBeAllowed(verb, instance) {
      if (mayDo(caller, verb, instance)) return;
      await refuse(verb, instance);
      throw forbidden(verb, instance);
    },
  };
}

async function identifyCaller(
  authenticate: Authenticate,
  limits: RateLimits,
  req: Request,
  res: Response,
): Promise<Caller> {
  try {
    const presented = /^Bearer +(\S+)$/i.exec(req.get('authorization') ?? '')?.[1] ?? null;
    return await authenticate(presented, { requestId: stateOf(res).id, address: addressOf(req) });
  } catch (error) {
    if (!(error instanceof Unauthenticated)) throw error;
    await run(limits.failed, req, res);
    throw new HttpProblem('unauthenticated', error.message, {
      headers: { 'WWW-Authenticate': 'Bearer realm="odoo-steward"' },
    });
  }
}

/** Aborts when the connection closes before the answer is complete. */
function clientSignal(res: Response): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  const onClose = (): void => {
    if (!res.writableFinished) controller.abort(new Error('The client went away'));
  };
  res.once('close', onClose);
  return { signal: controller.signal, release: () => res.off('close', onClose) };
}
