export interface RepositoryUrl {
  readonly family: 'http' | 'ssh';
  /** Lower case, without port. */
  readonly host: string;
  /** Empty: the protocol's own. */
  readonly port: string;
  /** Without slashes at its ends and without `.git`: `acme/definitions`. */
  readonly path: string;
}

/** `git@host:team/definitions.git` */
const scpLike = /^(?:[^@\s/]+@)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9][A-Za-z0-9.-]*):(?!\/\/)([^\s]+)$/;
const families: Readonly<Record<string, RepositoryUrl['family']>> = {
  'https:': 'http',
  'http:': 'http',
  'ssh:': 'ssh',
  'git+ssh:': 'ssh',
};

/** Where a repository is, whichever way it is written; user names and passwords are dropped. Null: on no host. */
export function parseRepositoryUrl(url: string): RepositoryUrl | null {
  if (url.length > 2000) return null;
  if (!url.includes('://')) {
    const [, host, path] = scpLike.exec(url) ?? [];
    return host === undefined || path === undefined ? null : located('ssh', host, '', path);
  }
  if (!URL.canParse(url)) return null;
  const { protocol, hostname, port, pathname } = new URL(url);
  const family = Object.hasOwn(families, protocol) ? families[protocol] : undefined;
  return family === undefined
    ? null
    : located(family, hostname, protocol === 'ssh:' && port === '22' ? '' : port, pathname);
}

function located(family: RepositoryUrl['family'], host: string, port: string, rawPath: string): RepositoryUrl | null {
  const steps = decode(rawPath)
    .split('/')
    .filter((step) => step !== '');
  if (host === '' || steps.length === 0 || steps.some((step) => step === '.' || step === '..')) return null;
  const path = steps.join('/').replace(/\.git$/i, '');
  return path === '' ? null : { family, host: host.toLowerCase(), port, path };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The same host and path. Neither protocol nor port counts: behind a proxy a forge writes others than people use, and a
 * fetch too many does no harm. Case does not count, in the path either: the forges keep no two repositories whose names
 * differ in case alone.
 */
export const isSameRepository = (a: RepositoryUrl, b: RepositoryUrl): boolean =>
  a.host === b.host && a.path.toLowerCase() === b.path.toLowerCase();
