import {
  NotOdooError,
  OdooAbortedError,
  OdooLimitError,
  OdooTimeoutError,
  OdooUnreachableError,
  type AnyOdooError,
} from '../domain/odoo-error.js';
import { doubtful, type CallSite } from './call-site.js';
import type { WireFailure } from './http.js';

/** No reply came, or not all of it. */
export function toWireError(failure: WireFailure, site: CallSite): AnyOdooError {
  const { call } = site;
  const outcome = failure.isSent ? doubtful(site) : 'not_done';
  const detail = site.redact(failure.message);
  switch (failure.reason) {
    case 'connect': {
      const next = `Check that Odoo is running and that ${site.url} is its address.`;
      return new OdooUnreachableError({ call, happened: 'got no connection', detail, next, outcome });
    }
    case 'connect_timeout': {
      const next = `Check that ${site.url} is the right address and that no firewall is in between.`;
      return new OdooUnreachableError({ call, happened: 'got no connection in time', next, outcome });
    }
    case 'tls': {
      const next = 'Nothing was sent. Mend the certificate, or name its authority in the TLS settings of the instance.';
      return new OdooUnreachableError({ call, happened: 'got no trustworthy connection', detail, next, outcome });
    }
    case 'cut': {
      const next = 'A restart, a proxy, or a time limit of Odoo may be the reason.';
      return new OdooUnreachableError({ call, happened: 'lost its connection', detail, next, outcome });
    }
    case 'not_http': {
      const next = `Check the port and http or https in ${site.url}.`;
      return new NotOdooError({ call, happened: 'got something that is not HTTP', detail, next, outcome });
    }
    case 'timeout': {
      const waited = failure.isSent ? 'got no complete answer' : 'was not even sent';
      const next = failure.isSent
        ? 'Odoo goes on by itself; allow more time if this is normal.'
        : 'Too many requests are waiting for this instance.';
      return new OdooTimeoutError({ call, happened: `${waited} within ${site.timeoutMs} ms`, next, outcome });
    }
    case 'aborted': {
      const next = failure.isSent ? 'Odoo goes on by itself.' : 'Nothing was sent.';
      return new OdooAbortedError({ call, happened: 'was given up by its caller', next, outcome });
    }
    case 'request_too_large': {
      const next = 'Send less at once.';
      return new OdooLimitError({ call, happened: 'is larger than what may be sent', next, outcome: 'not_done' });
    }
    case 'answer_too_large': {
      const next = 'Ask for fewer records or fields, or raise the limit of the instance.';
      return new OdooLimitError({ call, happened: 'has a larger answer than what is read', next, outcome });
    }
  }
}

/** The circuit is open: the instance failed several times in a row and is left alone for a moment. */
export function toCircuitError(site: CallSite, pauseMs: number): OdooUnreachableError {
  return new OdooUnreachableError({
    call: site.call,
    happened: `was not sent: the instance failed several times in a row and is left alone for ${Math.ceil(pauseMs / 1000)} s`,
    next: 'See why it cannot be reached; calls go through again by themselves.',
    outcome: 'not_done',
  });
}
