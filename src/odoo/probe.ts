import { OdooVersionError, type OdooCall } from '../domain/odoo-error.js';
import type { CallSite } from './call-site.js';
import type { Deadline } from './deadline.js';
import type { WireReply, WireRequest } from './http.js';
import type { Line } from './line.js';
import type { Credential, Protocol } from './odoo-client.js';
import { NotOdooError } from '../domain/odoo-error.js';
import { toReplyError } from './reply-error.js';
import { envelope, readEnvelope } from './transports/envelope.js';
import { readXml, xmlRequest } from './transports/xml-rpc.js';
import { isGatewayStatus } from './traffic.js';
import {
  chooseProtocol,
  FIRST_WITH_JSON2,
  OLDEST,
  parseVersion,
  rpcVersion,
  webVersion,
  type ProbedVersion,
} from './version.js';

export interface Probed {
  readonly version: ProbedVersion;
  readonly protocol: Protocol;
}

export interface ProbeOptions {
  readonly line: Line;
  readonly wanted: Protocol | 'auto';
  readonly credential: Credential;
  readonly siteOf: (method: string, protocol: Protocol) => CallSite;
  readonly deadline: Deadline;
}

/** A place that tells the version without signing in. */
interface Door {
  readonly via: 'web' | 'jsonrpc' | 'xmlrpc' | 'session';
  readonly protocol: Protocol;
  readonly request: WireRequest;
  readonly read: (reply: WireReply, site: CallSite) => ProbedVersion | null;
}

const toRpcVersion = (answer: unknown): ProbedVersion | null => {
  const info = rpcVersion.safeParse(answer);
  return info.success ? parseVersion(info.data.server_version, info.data.server_serie) : null;
};

const web: Door = {
  via: 'web',
  protocol: 'json2',
  request: { method: 'GET', path: '/web/version', headers: { Accept: 'application/json' } },
  read(reply) {
    const info = reply.status === 200 ? webVersion.safeParse(tryJson(reply)) : null;
    return info?.success ? parseVersion(info.data.version) : null;
  },
};

const jsonrpc: Door = {
  via: 'jsonrpc',
  protocol: 'jsonrpc',
  request: envelope('/jsonrpc', { service: 'common', method: 'version', args: [] }),
  read: (reply, site) => toRpcVersion(readEnvelope(reply, site)),
};

const xmlrpc: Door = {
  via: 'xmlrpc',
  protocol: 'xmlrpc',
  request: xmlRequest('common', 'version', []),
  read: (reply, site) => toRpcVersion(readXml(reply, site)),
};

const sessionDoor: Door = {
  via: 'session',
  protocol: 'session',
  request: envelope('/web/webclient/version_info', {}),
  read: (reply, site) => toRpcVersion(readEnvelope(reply, site)),
};

/** An explicit protocol is asked for itself; only JSON-2 is looked for among all, to say which version is there instead. */
const doors: Readonly<Record<Protocol | 'auto', readonly Door[]>> = {
  auto: [web, jsonrpc, xmlrpc],
  json2: [web, jsonrpc, xmlrpc],
  jsonrpc: [jsonrpc],
  xmlrpc: [xmlrpc],
  session: [sessionDoor],
};

/** Finds out, once, which Odoo this is and what to speak with it. JSON-2 itself is not probed: 18 redirects it to a login page. */
export async function probe(options: ProbeOptions): Promise<Probed> {
  const candidates = doors[options.wanted];
  let closed: NotOdooError | null = null;
  let isUnreadable = false;
  for (const door of candidates) {
    try {
      const version = await knock(door, options);
      if (version !== null) return decide(version, door, options);
      // The others always have one; /web/version is just not there before 19.
      isUnreadable ||= door !== web;
    } catch (error) {
      // A door that is shut may stand beside an open one; the first one that says why is the most telling.
      if (!(error instanceof NotOdooError)) throw error;
      closed ??= error;
    }
  }
  if (closed !== null && !isUnreadable) throw closed;
  throw unknownVersion(options.siteOf('version', candidates.at(-1)?.protocol ?? 'jsonrpc'));
}

function knock(door: Door, { line, siteOf, deadline }: ProbeOptions): Promise<ProbedVersion | null> {
  const site = siteOf('version', door.protocol);
  const read = (reply: WireReply) => {
    const isElsewhere = reply.status >= 300 && reply.status < 400;
    if (isGatewayStatus(reply.status) || isElsewhere) throw toReplyError(reply, site);
    return door.read(reply, site);
  };
  return line.exchange({ phase: 'probe', protocol: door.protocol, site, deadline, request: door.request, read });
}

function decide(version: ProbedVersion, door: Door, { wanted, credential, siteOf }: ProbeOptions): Probed {
  const via = door.via === 'session' ? 'web' : door.via;
  const protocol = wanted === 'auto' ? chooseProtocol(version.major, credential, via) : wanted;
  const { call } = siteOf('version', protocol);
  if (version.major < OLDEST) {
    throw tooOld(
      call,
      `found Odoo ${version.raw}, which is too old`,
      `This service works with Odoo ${OLDEST} and later.`,
    );
  }
  if (protocol === 'json2' && version.major < FIRST_WITH_JSON2) {
    throw tooOld(
      call,
      `found Odoo ${version.raw}, which does not speak JSON-2`,
      `JSON-2 begins with ${FIRST_WITH_JSON2}: set the instance's protocol to auto or jsonrpc.`,
    );
  }
  return { version, protocol };
}

const tooOld = (call: OdooCall, happened: string, next: string): OdooVersionError =>
  new OdooVersionError({ call, happened, next, outcome: 'not_done' });

const unknownVersion = ({ call, url }: CallSite): OdooVersionError =>
  new OdooVersionError({
    call,
    happened: 'found no version of Odoo',
    next: `Check that ${url} is the address of Odoo itself.`,
    outcome: 'not_done',
  });

function tryJson(reply: WireReply): unknown {
  try {
    return JSON.parse(reply.body.toString('utf8'));
  } catch {
    return null;
  }
}
