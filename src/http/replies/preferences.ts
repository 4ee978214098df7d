import { z } from 'zod';

/** What `Prefer` (RFC 7240) asks for; what we do not know is ignored, as the RFC wants it. */
export interface Preferences {
  /** How long the client would wait for the end, at most `MAX_WAIT_SECONDS`; null: not said. */
  readonly waitMs: number | null;
  readonly respondAsync: boolean;
}

export const MAX_WAIT_SECONDS = 60;

/** `wait=10, respond-async`. */
export function parsePrefer(header: string | null): Preferences {
  const parts = (header ?? '').split(',').map((part) => part.trim().toLowerCase());
  const wait = parts.map((part) => /^wait *= *"?(\d{1,6})"?$/.exec(part)?.[1]).find((found) => found !== undefined);
  return {
    waitMs: wait === undefined ? null : Math.min(Number(wait), MAX_WAIT_SECONDS) * 1_000,
    respondAsync: parts.includes('respond-async'),
  };
}

/** `headers: z.object({ ...preferHeader })`; the handler gets `Preferences`. */
export const preferHeader = {
  prefer: z
    .string()
    .max(500)
    .optional()
    .transform((text) => parsePrefer(text ?? null))
    .meta({
      type: 'string',
      description: `\`wait=N\`: wait up to N seconds (at most ${MAX_WAIT_SECONDS}) for the end`,
    }),
};

/** `headers: z.object({ ...idempotencyKeyHeader })`: 1 to 255 printable ASCII characters, with or without quotes. */
export const idempotencyKeyHeader = {
  'idempotency-key': z
    .string()
    .transform((text) => /^"(.*)"$/.exec(text)?.[1] ?? text)
    .refine((key) => /^[\x20-\x7e]{1,255}$/.test(key), { error: 'write 1 to 255 printable characters' })
    .optional()
    .meta({
      type: 'string',
      description: 'The same key and body give the same answer, and do it once; another body is refused',
    }),
};
