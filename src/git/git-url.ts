import { isAbsolute } from 'node:path';
import { SourceError } from '../domain/source-error.js';

export interface GitUrl {
  /** As configured; may hold a credential, so it never reaches a message. */
  readonly url: string;
  /** For people: without user name, password and query. */
  readonly shown: string;
  /** A path on this machine, for which git's `file` protocol is let through. */
  readonly isPath: boolean;
  /** Texts that must not appear in any message. */
  readonly secrets: readonly string[];
}

const schemes = ['https:', 'http:', 'ssh:', 'file:'];
/** `git@host:team/definitions.git` */
const scpLike = /^(?:[A-Za-z0-9._-]+@)?[A-Za-z0-9][A-Za-z0-9.-]*:(?!\/\/)[^\s:][^\s]*$/;

/** What may be cloned: https, http, ssh, and paths of this machine; nothing that makes git run a program. */
export function parseGitUrl(url: string): GitUrl {
  // eslint-disable-next-line no-control-regex -- a control character in a URL is exactly what is looked for
  if (url === '' || url.startsWith('-') || /[\u0000-\u001f\u007f]/.test(url)) throw refused();
  if (isAbsolute(url) || /^\.\.?\//.test(url)) return { url, shown: url, isPath: true, secrets: [] };
  if (url.includes('::')) throw refused();
  if (url.includes('://')) {
    if (!URL.canParse(url)) throw refused();
    const parsed = new URL(url);
    if (!schemes.includes(parsed.protocol)) throw refused();
    const secrets = [parsed.password, decode(parsed.password), parsed.search.slice(1)];
    // A token may stand alone before the @; over ssh it is only a login.
    if (parsed.protocol.startsWith('http')) secrets.push(parsed.username, decode(parsed.username));
    const user = parsed.protocol === 'ssh:' && parsed.username !== '' ? `${parsed.username}@` : '';
    const shown = `${parsed.protocol}//${user}${parsed.host}${parsed.pathname}`;
    return { url, shown, isPath: parsed.protocol === 'file:', secrets: secrets.filter((secret) => secret !== '') };
  }
  if (scpLike.test(url)) return { url, shown: url, isPath: false, secrets: [] };
  throw refused();
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const refused = (): SourceError =>
  new SourceError(
    'source_unsafe',
    'The git address of the definitions is not supported: write https://…, ssh://…, git@host:path or an absolute path',
  );

/** A text from git without anything that the address holds in secret. */
export function redact(text: string, { url, shown, secrets }: GitUrl): string {
  let clean = text.replaceAll(url, () => shown);
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) clean = clean.replaceAll(secret, () => '***');
  return clean.replace(/\/\/[^/\s@]+@/g, '//***@');
}
