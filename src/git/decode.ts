import { SourceError } from '../domain/source-error.js';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes as text; what is not UTF-8 is refused with its place. */
export function decodeText(bytes: Uint8Array, path: string): string {
  try {
    return utf8.decode(bytes);
  } catch (error) {
    throw new SourceError('source_unsafe', `${path} is not UTF-8 text: save it as UTF-8`, { cause: error });
  }
}
