import type { ForgeKind } from './forge-kind.js';
import { parseRepositoryUrl } from './repository-url.js';

export interface ApiAddress {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** `owner/name`; on GitLab with all its groups. */
  readonly repository: string;
}

const paths: Readonly<Record<ForgeKind, string>> = {
  github: '/api/v3',
  gitlab: '/api/v4',
  gitea: '/api/v1',
  forgejo: '/api/v1',
};

/**
 * Where the API of a repository's forge is by its own defaults: right for the public forges and for most self-hosted ones,
 * and a setting for the others (another host for SSH, a folder below the host). Null: the repository is on no host.
 */
export function apiAddressOf(forge: ForgeKind, repositoryUrl: string): ApiAddress | null {
  const at = parseRepositoryUrl(repositoryUrl);
  if (at === null) return null;
  if (forge === 'github' && at.host === 'github.com') return { baseUrl: 'https://api.github.com', repository: at.path };
  const isPlain = at.family === 'http' && repositoryUrl.startsWith('http:');
  const port = at.family === 'http' && at.port !== '' ? `:${at.port}` : '';
  return { baseUrl: `${isPlain ? 'http' : 'https'}://${at.host}${port}${paths[forge]}`, repository: at.path };
}
