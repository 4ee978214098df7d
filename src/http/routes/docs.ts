import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Router, type Response } from 'express';
import { docsHeaders } from '../middleware/security-headers.js';
import { stateOf } from '../middleware/request-state.js';

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>odoo-steward API</title>
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<main id="api"></main>
<noscript><p>This page needs JavaScript. The document itself is at <a href="/openapi.json">/openapi.json</a>.</p></noscript>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

/** The key that is typed in is kept in the page alone, and gone with it. */
const start = `window.SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  persistAuthorization: false,
  validatorUrl: null,
  tryItOutEnabled: false,
});
`;

const files: readonly string[] = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

/** The page of the API's documentation, with all of its files from this service: nothing is fetched from elsewhere. */
export function docsRouter(): Router {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const router = Router();
  router.use('/docs', docsHeaders, (_req, res, next) => {
    stateOf(res).route = '/docs';
    next();
  });
  router.get('/docs', (_req, res) => send(res, 'text/html', page));
  router.get('/docs/start.js', (_req, res) => send(res, 'text/javascript', start));
  for (const name of files) {
    router.get(`/docs/${name}`, (_req, res, next) => {
      res.sendFile(join(folder, name), { maxAge: '1h', dotfiles: 'allow' }, (error?: Error) => {
        if (error !== undefined && !res.headersSent) next(error);
      });
    });
  }
  return router;
}

const send = (res: Response, type: string, text: string): void =>
  void res.type(type).set('Cache-Control', 'no-cache').send(text);
