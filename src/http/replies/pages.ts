import { z } from 'zod';
import type { Page, Paged } from '../../app/service/store.js';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

/** A whole number in a query. */
export const queryInteger = (minimum: number, maximum: number): z.ZodType<number, string> =>
  z
    .string()
    .regex(/^\d{1,9}$/, { error: 'write a whole number' })
    .transform(Number)
    .refine((value) => value >= minimum && value <= maximum, { error: `write ${minimum} to ${maximum}` })
    .meta({ type: 'integer', minimum, maximum });

/** An instant in a query, ISO 8601 with a zone; UTC milliseconds for the handler. */
export const queryInstant = (): z.ZodType<number, string> =>
  z.iso
    .datetime({ offset: true, error: 'write an instant such as 2026-01-31T12:00:00Z' })
    .transform((text) => Date.parse(text))
    .meta({ type: 'string', format: 'date-time' });

/** `query: z.object({ ...pageQuery, … })`. */
export const pageQuery = {
  limit: queryInteger(1, MAX_LIMIT)
    .optional()
    .meta({ description: `How many; ${DEFAULT_LIMIT} when absent` }),
  cursor: z
    .string()
    .regex(/^[\w.:=+/-]{1,300}$/, { error: 'is not one of ours' })
    .optional()
    .meta({ description: 'From `nextCursor` or the `Link` header of the page before' }),
};

export const pageHeaders = { Link: 'The next page, `rel="next"`, when there is one' };

/** `responses: { 200: { description, schema: pageOf(plan), headers: pageHeaders } }`. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().meta({ description: 'null: there is no more' }),
  });

export const toPage = (query: { readonly limit?: number | undefined; readonly cursor?: string | undefined }): Page => ({
  limit: query.limit ?? DEFAULT_LIMIT,
  cursor: query.cursor ?? null,
});

/** A page as a reply, with its `Link`. `url` is the request's own. */
export function pageReply<Entry, Item>(
  url: string,
  { items, nextCursor }: Paged<Entry>,
  toItem: (entry: Entry) => Item,
): {
  readonly status: 200;
  readonly body: { readonly items: Item[]; readonly nextCursor: string | null };
  readonly headers: Readonly<Record<string, string>>;
} {
  const headers = nextCursor === null ? {} : { Link: `<${withCursor(url, nextCursor)}>; rel="next"` };
  return { status: 200, body: { items: items.map((entry) => toItem(entry)), nextCursor }, headers };
}

function withCursor(url: string, cursor: string): string {
  const [path = '', query = ''] = url.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.set('cursor', cursor);
  return `${path}?${parameters.toString()}`;
}

/** How instants are written in answers. */
export const instant = z.iso.datetime();
export const showInstant = (at: number): string => new Date(at).toISOString();
export const showInstantOrNull = (at: number | null): string | null => (at === null ? null : showInstant(at));
