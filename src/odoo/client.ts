import { z } from 'zod';

import { OdooBusyError, OdooConcurrencyError, type OdooCall } from '../domain/odoo-error.js';
import type { Connection } from './connection.js';
import {
  emptyToNull,
  fieldAttributes,
  fieldsHoldingFalse,
  modelFields,
  type FieldsCache,
  type ModelFields,
} from './fields.js';
import { isBusy } from './classify.js';
import type {
  CallOptions,
  CallRequest,
  LoadResult,
  OdooClient,
  OdooDomain,
  OdooServerVersion,
  SearchRead,
  UserContext,
} from './odoo-client.js';

const ids = z.array(z.number().int());
/** Not row by row: that would cost more than reading them. */
const rowList = z.custom<Record<string, unknown>[]>((rows) => Array.isArray(rows));

const loadMessage = z.object({
  type: z.string(),
  message: z.string(),
  rows: z.object({ from: z.number(), to: z.number() }).optional(),
  record: z.number().optional(),
  field: z.string().optional().catch(undefined),
});
const loadResult = z.object({
  ids: z.union([ids, z.literal(false).transform(() => null)]),
  messages: z.array(loadMessage),
});

/** Odoo's methods, each declared once, over a connection that knows the protocols. */
export class Client implements OdooClient {
  /** `fields_get` on its way, so that calls at the same time ask once. */
  readonly #asking = new Map<string, Promise<ModelFields>>();

  constructor(
    readonly instance: string,
    private readonly connection: Connection,
    private readonly fieldsCache: FieldsCache,
  ) {}

  version(options: CallOptions = {}): Promise<OdooServerVersion> {
    return this.connection.version(options);
  }

  call<T = unknown>(model: string, method: string, request: CallRequest<T>): Promise<T> {
    return this.connection.call(model, method, request);
  }

  async searchRead<R extends object = Record<string, unknown>>(model: string, request: SearchRead): Promise<R[]> {
    const { domain, fields, offset, limit, order, ...options } = request;
    const args = { domain, fields, offset, limit, order };
    const rows = await this.call(model, 'search_read', { ...options, args, effect: 'read', result: rowList });
    return this.#withNulls<R>(model, rows, fields, options);
  }

  async read<R extends object = Record<string, unknown>>(
    model: string,
    recordIds: readonly number[],
    fields: readonly string[],
    options: CallOptions = {},
  ): Promise<R[]> {
    const request = { ...options, ids: recordIds, args: { fields }, effect: 'read', result: rowList } as const;
    return this.#withNulls<R>(model, await this.call(model, 'read', request), fields, options);
  }

  search(
    model: string,
    domain: OdooDomain,
    { offset, limit, order, ...options }: CallOptions & Omit<SearchRead, 'domain' | 'fields'> = {},
  ): Promise<number[]> {
    const args = { domain, offset, limit, order };
    return this.call(model, 'search', { ...options, args, effect: 'read', result: ids });
  }

  searchCount(model: string, domain: OdooDomain, options: CallOptions = {}): Promise<number> {
    return this.call(model, 'search_count', { ...options, args: { domain }, effect: 'read', result: z.number() });
  }

  create(model: string, values: readonly object[], options: CallOptions = {}): Promise<number[]> {
    return this.call(model, 'create', { ...options, args: { vals_list: values }, effect: 'write', result: ids });
  }

  async write(model: string, recordIds: readonly number[], values: object, options: CallOptions = {}): Promise<void> {
    await this.call(model, 'write', { ...options, ids: recordIds, args: { vals: values }, effect: 'write' });
  }

  async unlink(model: string, recordIds: readonly number[], options: CallOptions = {}): Promise<void> {
    await this.call(model, 'unlink', { ...options, ids: recordIds, effect: 'write' });
  }

  async load(
    model: string,
    fields: readonly string[],
    rows: readonly (readonly (string | number)[])[],
    options: CallOptions = {},
  ): Promise<LoadResult> {
    const args = { fields, data: rows };
    const result = await this.call(model, 'load', { ...options, args, effect: 'write', result: loadResult });
    if (result.ids === null) refuseHiddenFailure(result, this.connection.callOf(model, 'load'));
    return result as LoadResult;
  }

  async fieldsGet(
    model: string,
    { fresh = false, ...options }: CallOptions & { readonly fresh?: boolean } = {},
  ): Promise<ModelFields> {
    const key = `${await this.connection.cacheKey(options)} ${model}`;
    const known = fresh ? undefined : this.fieldsCache.get(key);
    if (known !== undefined) return known;
    const asking = this.#asking.get(key) ?? this.#askFields(model, key, options);
    this.#asking.set(key, asking);
    return asking;
  }

  /** Read from the user: `context_get` has no uid on 14, and cannot be sent over its XML-RPC. */
  async userContext(options: CallOptions = {}): Promise<UserContext> {
    const { uid } = await this.version(options);
    const [user] = await this.read<Omit<UserContext, 'uid'>>('res.users', [uid], ['lang', 'tz'], options);
    return { lang: user?.lang ?? null, tz: user?.tz ?? null, uid };
  }

  close(): void {
    this.connection.close();
  }

  /** Without the caller's signal and context: the answer is everybody's. */
  async #askFields(model: string, key: string, { timeoutMs }: CallOptions): Promise<ModelFields> {
    try {
      const args = { allfields: undefined, attributes: fieldAttributes };
      const options = timeoutMs === undefined ? {} : { timeoutMs };
      const fields = await this.call(model, 'fields_get', { ...options, args, effect: 'read', result: modelFields });
      this.fieldsCache.set(key, fields);
      return fields;
    } finally {
      this.#asking.delete(key);
    }
  }

  /** Asks for the types of the fields only when some value is `false`, and then once for each model. */
  async #withNulls<R extends object>(
    model: string,
    rows: Record<string, unknown>[],
    fields: readonly string[],
    { signal, timeoutMs }: CallOptions,
  ): Promise<R[]> {
    const doubtful = fieldsHoldingFalse(rows, fields);
    if (doubtful.length > 0) {
      const options = { ...(signal && { signal }), ...(timeoutMs !== undefined && { timeoutMs }) };
      const known = await this.fieldsGet(model, options);
      // A module that came since has brought fields.
      const isComplete = doubtful.every((name) => name in known);
      emptyToNull(rows, doubtful, isComplete ? known : await this.fieldsGet(model, { ...options, fresh: true }));
    }
    return rows as R[];
  }
}

/** `load` reports both of these as messages of a successful answer; it is atomic, so nothing was written. */
function refuseHiddenFailure({ messages }: { messages: readonly { message: string }[] }, call: OdooCall): void {
  const busy = messages.find(({ message }) => isBusy(message));
  if (busy) {
    const next = 'Try again when it has ended.';
    throw new OdooBusyError({
      call,
      happened: 'found a scheduled action running',
      detail: busy.message,
      next,
      outcome: 'not_done',
    });
  }
  const lost = messages.find(({ message }) => message.includes('could not serialize access'));
  if (lost) {
    const happened = 'lost to another transaction';
    const next = 'Try again in a minute; nothing was changed.';
    throw new OdooConcurrencyError({ call, happened, detail: lost.message, next, outcome: 'not_done' });
  }
}
