import { createHash } from 'node:crypto';
import { isSameRepository, parseRepositoryUrl, type RepositoryUrl } from '../domain/forge/repository-url.js';
import type { Place, Problem } from '../domain/problem.js';
import type { FileValues } from './file-values.js';
import { Secret } from './secret.js';
import type { InstanceSettings, RepositorySettings } from './settings.js';
import { repositoryUrlProblem, type WrittenRepository } from './written-repositories.js';
import { urlProblem } from './written-words.js';

/** A repository before it is known whose definitions are in it. */
export interface FoundRepository {
  readonly repository: Omit<RepositorySettings, 'instances'>;
  readonly at: Place;
}

/** The repositories of a file, in its order; one that is named twice is a mistake. */
export function readRepositories(written: readonly WrittenRepository[], values: FileValues): FoundRepository[] {
  const locations: RepositoryUrl[] = [];
  const names = new Set<string>();
  return written.map(({ url: text, forge, api, token, webhook_secrets: secrets = [] }, index) => {
    const at = ['repositories', index];
    const url = values.address(text, [...at, 'url'], repositoryUrlProblem);
    const location = parseRepositoryUrl(url);
    if (location !== null) {
      if (locations.some((other) => isSameRepository(other, location)))
        values.report([...at, 'url'], 'repository_twice', 'This repository is named twice: keep one');
      locations.push(location);
    }
    const repository = {
      name: nameOf(location, names),
      url,
      forge,
      api: api === undefined ? null : values.address(api, [...at, 'api'], urlProblem),
      token: token === undefined ? null : new Secret(values.secret(token, [...at, 'token'])),
      webhookSecrets: secrets.map((one, item) => new Secret(values.secret(one, [...at, 'webhook_secrets', item]))),
    };
    names.add(repository.name);
    return { repository, at: values.yaml.at([...at, 'url']) };
  });
}

/**
 * `acme-odoo-actions`: the last two steps of the path. It stands in the address of the webhook, so the first of two that
 * would be called the same keeps its name when the other is added.
 */
function nameOf(location: RepositoryUrl | null, taken: ReadonlySet<string>): string {
  const steps = location === null ? [] : location.path.toLowerCase().split('/').slice(-2);
  const name =
    steps
      .join('-')
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 60) || 'repository';
  if (!taken.has(name)) return name;
  const { host, port, path } = location ?? { host: '', port: '', path: '' };
  const digest = createHash('sha256').update(`${host}:${port}/${path}`).digest('hex');
  return `${name}-${digest.slice(0, 8)}`;
}

/** Names the instances whose definitions are in each; a repository with none is surely not what was meant, unless there is no instance yet. */
export function linkRepositories(
  found: readonly FoundRepository[],
  instances: readonly InstanceSettings[],
): { repositories: RepositorySettings[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const repositories = found.map(({ repository, at }) => {
    const location = parseRepositoryUrl(repository.url);
    const names = instances.filter((instance) => isIn(instance, location)).map((instance) => instance.name);
    if (location !== null && names.length === 0 && instances.length > 0) {
      const message = `No instance has its definitions in ${repository.name}, so nothing follows from it: compare its \`url\` with theirs`;
      problems.push({ severity: 'warning', code: 'repository_unused', message, at });
    }
    return { ...repository, instances: names };
  });
  return { repositories, problems };
}

function isIn({ definitions }: InstanceSettings, location: RepositoryUrl | null): boolean {
  if (definitions?.kind !== 'git' || location === null) return false;
  const own = parseRepositoryUrl(definitions.url);
  return own !== null && isSameRepository(own, location);
}
