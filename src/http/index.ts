/** The HTTP face: how routes are declared, and the app that serves them. */
export { createApp, httpDefaults, API_PREFIX, type App, type AppDeps, type HttpSettings } from './create-app.js';
export { createMetrics, type Metrics } from './middleware/metrics.js';
export { secretHeaders } from './middleware/log-requests.js';
export { HttpProblem } from './problems/http-problem.js';
export { apiRoutes } from './api-routes.js';
export { auditRoutes } from './routes/audit.js';
export { keyRoutes } from './routes/keys.js';
export type { ReadyCheck } from './routes/system.js';
export { startServer, type RunningServer, type ServerOptions } from './server.js';
export { route, type Route } from './route.js';
