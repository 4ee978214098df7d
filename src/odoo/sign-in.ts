import { NotOdooError, OdooCredentialsError, OdooDatabaseError, OdooServerError } from '../domain/odoo-error.js';
import { toCallSite, type CallSite } from './call-site.js';
import type { Deadline, Deadlines } from './deadline.js';
import type { WireReply } from './http.js';
import type { Line } from './line.js';
import type { ConnectOptions, Protocol } from './odoo-client.js';
import { probe, type Probed } from './probe.js';
import { rendered } from './sendable.js';
import { chooseDatabase, readSessionCookie } from './transports/cookie.js';
import { transports } from './transports/index.js';
import type { Login, Transport } from './transports/transport.js';
import { FIRST_WITHOUT_CHOSEN_DATABASE } from './version.js';

/**
 * A refused login is refused again without asking for so long: 14 locks an address out of all logins after five
 * failures, its other users included.
 */
const REFUSED_LOGIN_MS = 60_000;

/** Odoo tells its version without a database and at once: what needs longer than this has nothing to say. */
const PROBE_MS = 30_000;

/** Where a proxy keeps the web client's routes to itself, a password still goes these ways, the better one first. */
const waysAroundSession = [
  { protocol: 'jsonrpc', name: 'JSON-RPC' },
  { protocol: 'xmlrpc', name: 'XML-RPC' },
] as const;

interface SignInOptions {
  readonly options: ConnectOptions;
  readonly line: Line;
  readonly deadlines: Deadlines;
  readonly timeoutMs: number;
  readonly now: () => number;
}

/**
 * Which Odoo this is, and who we are there: each asked once, however many calls wait for it, and again after a failure.
 * Bounded by its own time, and not ended by the caller who happened to be first.
 */
export class SignIn {
  #probed: Promise<Probed> | null = null;
  #login: Promise<Login> | null = null;
  #refusedUntil = 0;

  constructor(private readonly parts: SignInOptions) {}

  probe(): Promise<Probed> {
    this.#probed ??= this.#find().catch((error: unknown) => {
      this.#probed = null;
      throw error;
    });
    return this.#probed;
  }

  login(transport: Transport, major: number): Promise<Login> {
    if (this.#login !== null && this.parts.now() < this.#refusedUntil) return this.#login;
    if (this.#refusedUntil > 0) this.forget();
    this.#refusedUntil = 0;
    this.#login ??= this.parts.deadlines
      .within({}, (deadline) => this.#authenticate(transport, isChosenBeforehand(transport, major), deadline))
      .catch((error: unknown) => {
        if (error instanceof OdooCredentialsError) this.#refusedUntil = this.parts.now() + REFUSED_LOGIN_MS;
        else this.#login = null;
        throw error;
      });
    return this.#login;
  }

  /** The next call signs in again. */
  forget(): void {
    this.#login = null;
  }

  async #find(): Promise<Probed> {
    const { options, line, deadlines } = this.parts;
    const { protocol: wanted, credential } = options;
    const timeoutMs = Math.min(this.parts.timeoutMs, PROBE_MS);
    const siteOf = (method: string, protocol: Protocol) => this.#site('common', method, protocol, timeoutMs);
    const probed = await deadlines.within({ timeoutMs }, (deadline) =>
      probe({ line, wanted, credential, siteOf, deadline }),
    );
    refuseWrongKind(credential.kind, this.#site('res.users', 'authenticate', probed.protocol));
    return wanted === 'auto' && probed.protocol === 'session' ? this.#letThrough(probed) : probed;
  }

  /** Signs in over the web session, and where something before Odoo shuts that, over what it leaves open. */
  async #letThrough(probed: Probed): Promise<Probed> {
    const { major } = probed.version;
    const shut = await this.#whatShuts(transports.session, major);
    if (shut === null) return probed;
    const { instance, warn } = this.parts.options;
    for (const { protocol, name } of waysAroundSession) {
      if ((await this.#whatShuts(transports[protocol], major)) !== null) continue;
      const cure = `let that through, which is quicker, or set its protocol to ${protocol}`;
      warn?.(`${instance} does not answer on /web/session, so it is spoken to over ${name}: ${cure}.`);
      return { ...probed, protocol };
    }
    throw shut;
  }

  /** Null when it can be signed in to; a refused credential is no shut door. */
  async #whatShuts(transport: Transport, major: number): Promise<NotOdooError | null> {
    try {
      await this.login(transport, major);
      return null;
    } catch (error) {
      if (error instanceof NotOdooError) return error;
      throw error;
    }
  }

  async #authenticate(transport: Transport, isChosen: boolean, deadline: Deadline): Promise<Login> {
    const { options, line } = this.parts;
    const { protocol } = transport;
    const site = this.#site('res.users', 'authenticate', protocol);
    const exchange = { phase: 'login', protocol, site, deadline } as const;
    const choice = { ...exchange, request: chooseDatabase(options.database), read: readSessionCookie };
    const chosen = isChosen ? await line.exchange(choice) : null;
    const request = rendered(() => transport.loginRequest(options, chosen), site.call);
    const read = (reply: WireReply): Login => transport.readLogin(reply, site);
    try {
      const login = await line.exchange({ ...exchange, request, read });
      return { ...login, cookie: login.cookie ?? chosen };
    } catch (error) {
      throw isChosen && isWordless(error) ? toDatabaseError(site) : error;
    }
  }

  #site(model: string, method: string, protocol: Protocol, timeoutMs = this.parts.timeoutMs): CallSite {
    const { options } = this.parts;
    return toCallSite(options, { model, method, protocol, effect: 'read', timeoutMs });
  }
}

export const isChosenBeforehand = (transport: Transport, major: number): boolean =>
  transport.wantsChosenDatabase && major < FIRST_WITHOUT_CHOSEN_DATABASE;

/** The page of status 500 that stands for any exception, on 14 and 15, when the chosen database was lost. */
export const isWordless = (error: unknown): boolean => error instanceof OdooServerError && error.exceptionName === null;

/** 14 and 15 drop the choice of a database that they cannot open, and then have no words for it. */
function toDatabaseError({ call, database }: CallSite): OdooDatabaseError {
  return new OdooDatabaseError({
    call,
    happened: `found no database "${database}" that it could open (HTTP 500)`,
    next: "Check the instance's database name, and that Odoo's database filter lets it through.",
    outcome: 'not_done',
  });
}

function refuseWrongKind(kind: 'api_key' | 'password', { call }: CallSite): void {
  if (call.protocol === 'json2' && kind === 'password') {
    const next = 'Make an API key for this user, or set the protocol to auto or jsonrpc.';
    const happened = 'was not tried: JSON-2 takes API keys only';
    throw new OdooCredentialsError({ call, happened, next, outcome: 'not_done' });
  }
  if (call.protocol === 'session' && kind === 'api_key') {
    const next = 'Set the protocol to auto, json2 or jsonrpc, or use a password.';
    const happened = 'was not tried: a web session takes passwords only';
    throw new OdooCredentialsError({ call, happened, next, outcome: 'not_done' });
  }
}
