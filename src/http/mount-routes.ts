import { Router, type Request, type Response } from 'express';
import { handle, type HandleDeps } from './handle.js';
import { stateOf } from './middleware/request-state.js';
import type { MountedRoute } from './openapi.js';
import { HttpProblem } from './problems/http-problem.js';

/** A router of these routes. Other methods at their paths are 405 with `Allow`, and OPTIONS tells which there are. */
export function mountRoutes(routes: readonly MountedRoute[], deps: HandleDeps): Router {
  const router = Router({ strict: true, caseSensitive: true });
  const byPath = new Map<string, MountedRoute[]>();
  for (const one of routes) {
    const path = `${one.prefix}${one.route.path}`;
    byPath.set(path, [...(byPath.get(path) ?? []), one]);
  }
  // Paths without names first, so that none of them is taken for the value of a name.
  const paths = [...byPath].sort(([one], [other]) => Number(one.includes('{')) - Number(other.includes('{')));
  for (const [path, here] of paths) {
    const at = router.route(path.replace(/\{(\w+)\}/g, ':$1'));
    at.all((_req: Request, res: Response, next) => {
      stateOf(res).route = path;
      next();
    });
    for (const { route } of here) at[route.method](handle(route, deps));
    const allow = allowed(here);
    at.all((req: Request, res: Response) => {
      if (req.method === 'OPTIONS') {
        res.status(204).set('Allow', allow).end();
        return;
      }
      throw new HttpProblem('method_not_allowed', `Offered here: ${allow}.`, { headers: { Allow: allow } });
    });
  }
  return router;
}

function allowed(routes: readonly MountedRoute[]): string {
  const methods = routes.map(({ route }) => route.method.toUpperCase());
  return [...new Set([...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'])].join(', ');
}
