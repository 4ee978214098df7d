import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import type { DeliveryDeps } from '../../src/app/service/receive-delivery.js';
import { apiRoutes, createApp, httpDefaults } from '../../src/http/index.js';
import { renderOpenApi, type MountedRoute, type OpenApiDocument } from '../../src/http/openapi.js';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const unused = (): never => {
  throw new Error('nothing is served here');
};

/** Every route of the service, as one that listens to the network has them; none of them can be called. */
export function allRoutes(): readonly MountedRoute[] {
  const deps = { store: { audit: null } } as unknown as DeliveryDeps;
  const { routes } = createApp({
    settings: { ...httpDefaults, metricsScope: 'read' },
    routes: apiRoutes(deps),
    authenticate: unused,
    refusals: { refused: unused },
    checks: [],
    log: pino({ level: 'silent' }),
    newId: unused,
    draining: new AbortController().signal,
    version: manifest.version,
  });
  return routes;
}

/** What `/openapi.json` answers, as it is committed. */
export const apiDocument = (): OpenApiDocument =>
  JSON.parse(JSON.stringify(renderOpenApi(allRoutes(), manifest.version))) as OpenApiDocument;
