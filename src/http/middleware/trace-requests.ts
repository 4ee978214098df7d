import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { RequestHandler } from 'express';
import { stateOf } from './request-state.js';

/** A span for each request, below the client's own where it sends one. Costs nothing where no SDK was started. */
export const traceRequests: RequestHandler = (req, res, next) => {
  const parent = propagation.extract(context.active(), req.headers);
  const attributes = { 'http.request.method': req.method, 'url.path': req.path };
  const span = trace.getTracer('odoo-steward').startSpan(req.method, { kind: SpanKind.SERVER, attributes }, parent);
  res.once('close', () => {
    const { route, id } = stateOf(res);
    span.setAttributes({ 'http.response.status_code': res.statusCode, 'odoo_steward.request_id': id });
    if (route !== null) {
      span.updateName(`${req.method} ${route}`);
      span.setAttribute('http.route', route);
    }
    if (res.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  });
  context.with(trace.setSpan(parent, span), next);
};
