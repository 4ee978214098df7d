/** An HTTP request's headers, names in lower case, as Node gives them. */
export type DeliveryHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The value of a header that came once and is not empty. */
export function headerOf(headers: DeliveryHeaders, name: string): string | null {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/** The first of several names that is there. */
export function firstHeader(headers: DeliveryHeaders, names: readonly string[]): string | null {
  for (const name of names) {
    const value = headerOf(headers, name);
    if (value !== null) return value;
  }
  return null;
}
