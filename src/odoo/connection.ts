import type { z } from 'zod';

import {
  OdooAbortedError,
  OdooAnswerError,
  OdooCredentialsError,
  OdooTimeoutError,
  type OdooCall,
} from '../domain/odoo-error.js';
import { doubtful, toCallSite, type CallSite } from './call-site.js';
import { Deadlines, isTimeout, unlessAborted, type Deadline } from './deadline.js';
import type { Wire, WireReply } from './http.js';
import type { Limits } from './limits.js';
import { Line } from './line.js';
import { apiKeys, DailyNotices, type ApiKeys } from './notices.js';
import type { CallEvent, CallOptions, CallRequest, ConnectOptions, OdooServerVersion } from './odoo-client.js';
import { rendered } from './sendable.js';
import { isChosenBeforehand, isWordless, SignIn } from './sign-in.js';
import type { InstanceTraffic } from './traffic.js';
import { transports } from './transports/index.js';
import { SessionExpired, type Login, type MethodCall, type Transport } from './transports/transport.js';

/** 14 and 15 forget a session, and the database that was chosen with it, after seven days. */
const CHOICE_MS = 86_400_000;

type Phase = CallEvent['phase'];
type Effect = CallRequest['effect'];

/** What every call but the first finds ready. */
interface Known {
  readonly major: number;
  readonly transport: Transport;
  readonly login: Login | null;
  readonly renewAt: number;
}

/** The calls of one user on one instance, over the protocol that was found out. */
export class Connection {
  readonly #line: Line;
  readonly #deadlines: Deadlines;
  readonly #signIn: SignIn;
  readonly #notices: DailyNotices | null;
  readonly #now: () => number;
  #known: Known | null = null;

  constructor(
    private readonly options: ConnectOptions,
    private readonly limits: Limits,
    private readonly wire: Wire,
    traffic: InstanceTraffic,
  ) {
    const { instance, random = Math.random, now = Date.now, onCall, warn } = options;
    const { timeoutMs } = limits;
    this.#now = now;
    this.#notices = warn ? new DailyNotices(instance, warn, now, () => this.#readKeys()) : null;
    this.#line = new Line({ wire, traffic, limits, random, onCall });
    this.#deadlines = new Deadlines(timeoutMs);
    this.#signIn = new SignIn({ options, line: this.#line, deadlines: this.#deadlines, timeoutMs, now });
  }

  call<T>(model: string, method: string, request: CallRequest<T>, phase: Phase = 'call'): Promise<T> {
    return this.#deadlines.within(request, async (deadline) => {
      const { effect, result } = request;
      const known = this.#current() ?? (await this.#prepare(model, method, effect, deadline));
      this.#notices?.look(known.major, known.transport.protocol, this.options.credential);
      const answer = await this.#send(known, { ...request, model, method }, effect, deadline, phase);
      if (result === undefined) return answer as T;
      return checked(result, answer, this.#site(model, method, effect, deadline, known));
    });
  }

  version(options: CallOptions): Promise<OdooServerVersion> {
    return this.#deadlines.within(options, async (deadline) => {
      const site = this.#site('res.users', 'authenticate', 'read', deadline);
      const { version, protocol } = await waitFor(this.#signIn.probe(), deadline, site);
      const { uid } = await waitFor(this.#signIn.login(transports[protocol], version.major), deadline, site);
      return { ...version, protocol, uid };
    });
  }

  /** What the fields of a model depend on. */
  cacheKey(options: CallOptions): Promise<string> {
    return this.#deadlines.within(options, async (deadline) => {
      const site = this.#site('ir.model', 'fields_get', 'read', deadline);
      const { version } = await waitFor(this.#signIn.probe(), deadline, site);
      const { url, database, credential } = this.options;
      return [url, database, version.raw, credential.login].join(' ');
    });
  }

  callOf(model: string, method: string): OdooCall {
    return { instance: this.options.instance, model, method, protocol: this.#known?.transport.protocol ?? null };
  }

  close(): void {
    this.#deadlines.abortAll();
    this.wire.close();
  }

  #current(): Known | null {
    if (this.#known !== null && this.#now() >= this.#known.renewAt) this.#forget();
    return this.#known;
  }

  #forget(): void {
    this.#known = null;
    this.#signIn.forget();
  }

  async #prepare(model: string, method: string, effect: Effect, deadline: Deadline): Promise<Known> {
    const site = this.#site(model, method, effect, deadline);
    const { protocol, version } = await waitFor(this.#signIn.probe(), deadline, site);
    const { major } = version;
    const transport = transports[protocol];
    const login = transport.isStateless ? null : await waitFor(this.#signIn.login(transport, major), deadline, site);
    const renewAt = isChosenBeforehand(transport, major) ? this.#now() + CHOICE_MS : Infinity;
    return (this.#known = { major, transport, login, renewAt });
  }

  async #send(known: Known, call: MethodCall, effect: Effect, deadline: Deadline, phase: Phase): Promise<unknown> {
    const { transport, login, major } = known;
    const { protocol } = transport;
    const site = this.#site(call.model, call.method, effect, deadline, known);
    const attempt = (as: Login | null): Promise<unknown> => {
      const request = rendered(() => transport.callRequest(this.options, as, call), site.call);
      const read = (reply: WireReply): unknown => {
        if (as !== null) transport.refresh?.(as, reply);
        return transport.readAnswer(reply, site);
      };
      return this.#line.exchange({ phase, protocol, site, deadline, request, read });
    };
    try {
      return await attempt(login);
    } catch (error) {
      if (error instanceof OdooCredentialsError || isWordless(error)) this.#forget();
      if (!(error instanceof SessionExpired)) throw error;
    }
    // The session was over before anything was done: signing in again, once, is safe for a write, too.
    this.#forget();
    const again = await waitFor(this.#signIn.login(transport, major), deadline, site);
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

  #site(model: string, method: string, effect: Effect, { timeoutMs }: Deadline, known?: Known): CallSite {
    const protocol = known?.transport.protocol ?? null;
    return toCallSite(this.options, { model, method, effect, timeoutMs, protocol, uid: known?.login?.uid });
  }
}

function waitFor<T>(work: Promise<T>, { signal, timeoutMs }: Deadline, { call }: CallSite): Promise<T> {
  return unlessAborted(signal, work, () => {
    const facts = { call, next: 'Nothing of this call was sent.', outcome: 'not_done' } as const;
    return isTimeout(signal)
      ? new OdooTimeoutError({ ...facts, happened: `was still signing in after ${timeoutMs} ms` })
      : new OdooAbortedError({ ...facts, happened: 'was given up by its caller' });
  });
}

function checked<T>(schema: z.ZodType<T>, answer: unknown, site: CallSite): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new OdooAnswerError({
    call: site.call,
    happened: `got an answer of another shape than Odoo's (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''})`,
    next: 'An addon may have changed this method, or something between this service and Odoo its answer.',
    outcome: doubtful(site),
  });
}
