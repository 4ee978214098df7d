import {
  NotOdooError,
  OdooDatabaseError,
  OdooLimitError,
  OdooServerError,
  OdooUnreachableError,
  type AnyOdooError,
} from '../domain/odoo-error.js';
import { doubtful, type CallSite } from './call-site.js';
import { headerOf, type WireReply } from './http.js';
import { isGatewayStatus } from './traffic.js';

/** A reply that did not come from Odoo's API, or not from as far inside it as the exceptions. */
export function toReplyError(reply: WireReply, site: CallSite): AnyOdooError {
  const { call } = site;
  const { status } = reply;
  const retryAfterMs = readRetryAfter(headerOf(reply, 'retry-after'));
  const page = describePage(reply);

  if (isGatewayStatus(status)) {
    const happened = `got HTTP ${status} from a proxy that cannot reach Odoo`;
    const next = 'Odoo may be restarting: try again in a minute.';
    return new OdooUnreachableError({ call, happened, next, outcome: doubtful(site), retryAfterMs });
  }
  if (status === 429) {
    const next = `Wait${retryAfterMs === null ? '' : ` ${Math.ceil(retryAfterMs / 1000)} s`}, and lower the instance's requests a second.`;
    return new OdooLimitError({ call, happened: 'was one request too many', next, outcome: 'not_done', retryAfterMs });
  }
  if (status === 413) {
    const next = 'Send less at once, or raise the limit of the proxy in front of Odoo.';
    return new OdooLimitError({ call, happened: 'was larger than what is let through', next, outcome: 'not_done' });
  }
  if (isDatabaseQuestion(reply)) {
    const happened = `found no database "${site.database}"`;
    const next = "Check the instance's database name, and that Odoo's database filter lets it through.";
    return new OdooDatabaseError({ call, happened, next, outcome: 'not_done' });
  }
  if (status >= 300 && status < 400) return toRedirectError(reply, site);
  if (status === 500) {
    const next = "Odoo's log has the details. An answer that cannot be put into JSON ends like this, too.";
    return new OdooServerError({ call, happened: `got HTTP 500 with ${page}`, next, outcome: doubtful(site) });
  }
  const next = `Check that ${site.url} is the address of Odoo itself, with nothing after the path it is served under.`;
  return new NotOdooError({ call, happened: `got HTTP ${status} with ${page}`, next, outcome: doubtful(site) });
}

function toRedirectError(reply: WireReply, site: CallSite): NotOdooError {
  const location = headerOf(reply, 'location');
  const target = location !== '' && URL.canParse(location, site.url) ? new URL(location, site.url) : null;
  const isElsewhere = target !== null && target.origin !== new URL(site.url).origin;
  const where = target === null ? 'nowhere' : `${target.origin}${target.pathname}`;
  return new NotOdooError({
    call: site.call,
    happened: `was redirected (HTTP ${reply.status}) to ${where}, which is not followed`,
    next: isElsewhere
      ? `If that is the same Odoo, use ${target.origin} as the instance's URL.`
      : `Check that ${site.url} is the address of Odoo itself.`,
    outcome: 'not_done',
  });
}

/** JSON-2's 404 (19), and the page that lists databases to choose from. */
function isDatabaseQuestion(reply: WireReply): boolean {
  if (headerOf(reply, 'location').includes('/web/database/selector')) return true;
  const text = reply.body.toString('latin1', 0, 20_000);
  return text.includes('No database is selected') || /href="\/(web|odoo)\?db=/.test(text);
}

function describePage(reply: WireReply): string {
  const text = reply.body.toString('utf8', 0, 20_000);
  const title = /<title[^>]*>([^<]{1,80})/i.exec(text)?.[1]?.replace(/\s+/g, ' ').trim();
  if (title) return `a page titled "${title}"`;
  const type = headerOf(reply, 'content-type').split(';', 1)[0];
  return reply.body.length === 0 ? 'an empty body' : `a body of type "${type?.slice(0, 60) ?? ''}"`;
}

/** Seconds, or a date. */
export function readRetryAfter(header: string, now: number = Date.now()): number | null {
  if (header === '') return null;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}
