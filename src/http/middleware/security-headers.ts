import type { RequestHandler } from 'express';
import helmet from 'helmet';

const nothing = ["'none'"];
const own = ["'self'"];

const headers = (directives: Record<string, string[]>): RequestHandler =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: nothing,
        baseUri: nothing,
        formAction: nothing,
        frameAncestors: nothing,
        ...directives,
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
    crossOriginEmbedderPolicy: true,
  });

/** For answers that are data: a browser that shows one loads and runs nothing. */
export const strictHeaders = headers({});

/** For the page of the API documentation: its own files, its icons (data URLs), and calls to this service. */
export const docsHeaders = headers({
  scriptSrc: own,
  styleSrc: own,
  imgSrc: [...own, 'data:'],
  connectSrc: own,
});
