/** The HTTP face: how routes are declared, and the app that serves them. */
export { createApp, httpDefaults, type App, type AppDeps, type HttpSettings } from './create-app.js';
export { createMetrics, type Metrics } from './middleware/metrics.js';
export { apiRoutes } from './api-routes.js';
export type { ReadyCheck } from './routes/system.js';
export { startServer, type RunningServer, type ServerOptions } from './server.js';
export { route, type Route } from './route.js';
