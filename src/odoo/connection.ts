import type { z } from 'zod';

import {
  NotOdooError,
  OdooAbortedError,
  OdooCredentialsError,
  OdooDatabaseError,
  OdooServerError,
  OdooTimeoutError,
  type OdooCall,
} from '../domain/odoo-error.js';
import { doubtful, type CallSite } from './call-site.js';
import { Deadline, isTimeout, unlessAborted } from './deadline.js';
import type { Wire, WireReply, WireRequest } from './http.js';
import { Line } from './line.js';
import { apiKeys, DailyNotices, type ApiKeys } from './notices.js';
import type {
  CallEvent,
  CallOptions,
  CallRequest,
  ConnectOptions,
  Limits,
  OdooServerVersion,
  Protocol,
} from './odoo-client.js';
import { probe, type Probed } from './probe.js';
import { Unsendable } from './sendable.js';
import { FIRST_WITHOUT_CHOSEN_DATABASE } from './version.js';
import type { InstanceTraffic } from './traffic.js';
import { toUnsendableError } from './transports/json.js';
import { chooseDatabase, readSessionCookie } from './transports/cookie.js';
import { transports } from './transports/index.js';
import { SessionExpired, type Login, type MethodCall, type Transport } from './transports/transport.js';

/**
 * A refused login is refused again without asking for so long: 14 locks an address out of all logins after five
 * failures, its other users included.
 */
const REFUSED_LOGIN_MS = 60_000;

type Phase = CallEvent['phase'];

interface Known {
  readonly major: number;
  readonly transport: Transport;
  readonly login: Login | null;
}

/** Version, protocol and login of one user on one instance, found out once and kept; and calls over them. */
export class Connection {
  readonly #line: Line;
  readonly #open = new Set<Deadline>();
  #probed: Promise<Probed> | null = null;
  #login: Promise<Login> | null = null;
  #known: Known | null = null;
  readonly #notices: DailyNotices | null;
  readonly #now: () => number;
  #refusedUntil = 0;

  constructor(
    private readonly options: ConnectOptions,
    private readonly limits: Limits,
    private readonly wire: Wire,
    traffic: InstanceTraffic,
  ) {
    const { instance, random = Math.random, now = Date.now, onCall, warn } = options;
    this.#now = now;
    this.#notices = warn ? new DailyNotices(instance, warn, now, () => this.#readKeys()) : null;
    this.#line = new Line({ wire, traffic, limits, random, onCall });
  }

  async call<T>(model: string, method: string, request: CallRequest<T>, phase: Phase = 'call'): Promise<T> {
    const deadline = this.#deadline(request);
    try {
      const known = this.#known ?? (await this.#prepare(model, method, request, deadline));
      this.#notices?.look(known.major, known.transport.protocol, this.options.credential);
      const answer = await this.#send(known, { ...request, model, method }, request.effect, deadline, phase);
      return request.result === undefined
        ? (answer as T)
        : this.#check(request.result, answer, model, method, request.effect);
    } finally {
      this.#release(deadline);
    }
  }

  async version(options: CallOptions): Promise<OdooServerVersion> {
    const deadline = this.#deadline(options);
    try {
      const site = this.#site('res.users', 'authenticate', 'read', null);
      const { version, protocol } = await this.#waitFor(this.#probe(), deadline, site);
      const { uid } = await this.#waitFor(this.#signIn(transports[protocol], version.major), deadline, site);
      return { ...version, protocol, uid };
    } finally {
      this.#release(deadline);
    }
  }

  /** What the fields of a model depend on. */
  async cacheKey(options: CallOptions): Promise<string> {
    const { url, database, credential } = this.options;
    const deadline = this.#deadline(options);
    try {
      const site = this.#site('ir.model', 'fields_get', 'read', null);
      const { version } = await this.#waitFor(this.#probe(), deadline, site);
      return [url, database, version.raw, credential.login].join(' ');
    } finally {
      this.#release(deadline);
    }
  }

  callOf(model: string, method: string): OdooCall {
    return { instance: this.options.instance, model, method, protocol: this.#known?.transport.protocol ?? null };
  }

  close(): void {
    for (const deadline of this.#open) deadline.abort();
    this.wire.close();
  }

  /** The first call's way in: every later one finds `#known`. */
  async #prepare(model: string, method: string, { effect }: CallRequest, deadline: Deadline) {
    const site = this.#site(model, method, effect, null);
    const { protocol, version } = await this.#waitFor(this.#probe(), deadline, site);
    const transport = transports[protocol];
    const login = transport.isStateless
      ? null
      : await this.#waitFor(this.#signIn(transport, version.major), deadline, site);
    return (this.#known = { major: version.major, transport, login });
  }

  async #send(
    known: Known,
    call: MethodCall,
    effect: 'read' | 'write',
    deadline: Deadline,
    phase: Phase,
  ): Promise<unknown> {
    const { transport, login } = known;
    const { protocol } = transport;
    const site = this.#site(call.model, call.method, effect, protocol, login?.uid, deadline.timeoutMs);
    const attempt = (as: Login | null): Promise<unknown> => {
      const request = this.#render(() => transport.callRequest(this.options, as, call), site);
      const read = (reply: WireReply) => {
        if (as !== null) transport.refresh?.(as, reply);
        return transport.readAnswer(reply, site);
      };
      return this.#line.exchange({ phase, protocol, site, deadline, request, read });
    };
    try {
      return await attempt(login);
    } catch (error) {
      if (error instanceof OdooCredentialsError) this.#forgetLogin();
      if (!(error instanceof SessionExpired)) throw error;
    }
    // The session was over before anything was done: signing in again, once, is safe for a write, too.
    this.#forgetLogin();
    const again = await this.#waitFor(this.#signIn(transport, known.major), deadline, site);
    this.#known = { ...known, login: again };
    return attempt(again);
  }

  #readKeys(): Promise<ApiKeys> {
    const domain = [
      ['user_id.login', '=', this.options.credential.login],
      ['expiration_date', '!=', false],
    ];
    const args = { domain, fields: ['name', 'expiration_date'] };
    return this.call('res.users.apikeys', 'search_read', { args, effect: 'read', result: apiKeys }, 'probe');
  }

  #forgetLogin(): void {
    this.#login = null;
    this.#known = null;
  }

  #probe(): Promise<Probed> {
    this.#probed ??= this.#once(async (deadline) => {
      const { protocol: wanted, credential } = this.options;
      const siteOf = (method: string, protocol: Protocol) => this.#site('common', method, 'read', protocol);
      const probed = await probe({ line: this.#line, wanted, credential, siteOf, deadline });
      this.#refuseWrongKind(probed.protocol);
      return probed;
    }).catch((error: unknown) => {
      this.#probed = null;
      throw error;
    });
    return this.#probed;
  }

  #signIn(transport: Transport, major: number): Promise<Login> {
    if (this.#login !== null && this.#now() < this.#refusedUntil) return this.#login;
    if (this.#refusedUntil > 0) this.#forgetLogin();
    this.#refusedUntil = 0;
    this.#login ??= this.#once(async (deadline) => {
      const { protocol } = transport;
      const site = this.#site('res.users', 'authenticate', 'read', protocol);
      const isChosen = transport.wantsChosenDatabase && major < FIRST_WITHOUT_CHOSEN_DATABASE;
      const cookie = isChosen ? await this.#chooseDatabase(site, protocol, deadline) : null;
      const request = this.#render(() => transport.loginRequest(this.options, cookie), site);
      const read = (reply: WireReply) => transport.readLogin(reply, site);
      const login = await this.#line
        .exchange({ phase: 'login', protocol, site, deadline, request, read })
        .catch((error: unknown) => {
          throw isChosen ? toDatabaseError(error, site) : error;
        });
      return { ...login, cookie: login.cookie ?? cookie };
    }).catch((error: unknown) => {
      if (error instanceof OdooCredentialsError) this.#refusedUntil = this.#now() + REFUSED_LOGIN_MS;
      else this.#login = null;
      throw error;
    });
    return this.#login;
  }

  #chooseDatabase(site: CallSite, protocol: Protocol, deadline: Deadline): Promise<string | null> {
    const request = chooseDatabase(this.options.database);
    return this.#line.exchange({ phase: 'login', protocol, site, deadline, request, read: readSessionCookie });
  }

  /** Shared work: bounded by its own time, and not ended by the caller who happened to be first. */
  async #once<T>(work: (deadline: Deadline) => Promise<T>): Promise<T> {
    const deadline = this.#deadline({});
    try {
      return await work(deadline);
    } finally {
      this.#release(deadline);
    }
  }

  #waitFor<T>(work: Promise<T>, { signal, timeoutMs }: Deadline, site: CallSite): Promise<T> {
    return unlessAborted(signal, work, () => {
      const facts = { call: site.call, next: 'Nothing of this call was sent.', outcome: 'not_done' } as const;
      return isTimeout(signal)
        ? new OdooTimeoutError({ ...facts, happened: `was still signing in after ${timeoutMs} ms` })
        : new OdooAbortedError({ ...facts, happened: 'was given up by its caller' });
    });
  }

  #refuseWrongKind(protocol: Protocol): void {
    const { kind } = this.options.credential;
    const { call } = this.#site('res.users', 'authenticate', 'read', protocol);
    if (protocol === 'json2' && kind === 'password') {
      const next = 'Make an API key for this user, or set the protocol to auto or jsonrpc.';
      throw new OdooCredentialsError({
        call,
        happened: 'was not tried: JSON-2 takes API keys only',
        next,
        outcome: 'not_done',
      });
    }
    if (protocol === 'session' && kind === 'api_key') {
      const next = 'Set the protocol to auto, json2 or jsonrpc, or use a password.';
      throw new OdooCredentialsError({
        call,
        happened: 'was not tried: a web session takes passwords only',
        next,
        outcome: 'not_done',
      });
    }
  }

  #render(render: () => WireRequest, { call }: CallSite): WireRequest {
    try {
      return render();
    } catch (error) {
      throw error instanceof Unsendable ? toUnsendableError(error, call) : error;
    }
  }

  #check<T>(schema: z.ZodType<T>, answer: unknown, model: string, method: string, effect: 'read' | 'write'): T {
    const parsed = schema.safeParse(answer);
    if (parsed.success) return parsed.data;
    const site = this.#site(model, method, effect, this.#known?.transport.protocol ?? null);
    const issue = parsed.error.issues[0];
    throw new NotOdooError({
      call: site.call,
      happened: `got an answer of another shape than Odoo's (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''})`,
      next: 'An addon may have changed this method, or something between this service and Odoo its answer.',
      outcome: doubtful(site),
    });
  }

  #site(
    model: string,
    method: string,
    effect: 'read' | 'write',
    protocol: Protocol | null,
    uid: number | null = null,
    timeoutMs: number = this.limits.timeoutMs,
  ): CallSite {
    const { instance, url, database, credential } = this.options;
    const { login, secret } = credential;
    const redact = (text: string): string => (secret === '' ? text : text.replaceAll(secret, '***'));
    return {
      call: { instance, model, method, protocol },
      model,
      method,
      effect,
      database,
      login,
      url,
      uid,
      timeoutMs,
      redact,
    };
  }

  #deadline({ timeoutMs = this.limits.timeoutMs, signal }: CallOptions): Deadline {
    const deadline = new Deadline(timeoutMs, signal);
    this.#open.add(deadline);
    return deadline;
  }

  #release(deadline: Deadline): void {
    deadline.release();
    this.#open.delete(deadline);
  }
}

/** 14 and 15 drop the choice of a database that they cannot open, and then have no words for it. */
function toDatabaseError(error: unknown, { call, database }: CallSite): unknown {
  if (!(error instanceof OdooServerError) || error.exceptionName !== null) return error;
  return new OdooDatabaseError({
    call,
    happened: `found no database "${database}" that it could open (HTTP 500)`,
    next: "Check the instance's database name, and that Odoo's database filter lets it through.",
    outcome: 'not_done',
  });
}
