import type { DeliveryDeps } from '../app/service/receive-delivery.js';
import type { Route } from './route.js';
import { applyRoutes } from './routes/applies.js';
import { auditRoutes } from './routes/audit.js';
import { driftRoutes } from './routes/drift.js';
import { instanceRoutes } from './routes/instances.js';
import { keyRoutes } from './routes/keys.js';
import { planRoutes } from './routes/plans.js';
import { syncRoutes } from './routes/syncs.js';
import { webhookRoutes } from './routes/webhooks.js';

/** Everything below `/api/v1`, in the order of the documentation. */
export const apiRoutes = (deps: DeliveryDeps): readonly Route[] => [
  ...instanceRoutes(deps),
  ...planRoutes(deps),
  ...applyRoutes(deps),
  ...syncRoutes(deps),
  ...driftRoutes(deps),
  ...webhookRoutes(deps),
  ...keyRoutes(deps),
  ...auditRoutes(deps.store),
];
