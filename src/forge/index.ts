/** Posting plans to code hosts. */
import type { ForgePoster } from '../app/service/forge-ports.js';
import type { ForgeKind } from '../domain/forge/index.js';
import { createGiteaPoster } from './gitea.js';
import { createGithubPoster } from './github.js';
import { createGitlabPoster } from './gitlab.js';
import type { ForgePosterOptions } from './options.js';

export type { ForgePosterOptions } from './options.js';

/** A poster for one repository. Throws `ForgeError` (`forge_refused`) for an address or a name that is none. */
export function createForgePoster(forge: ForgeKind, options: ForgePosterOptions): ForgePoster {
  switch (forge) {
    case 'github':
      return createGithubPoster(options);
    case 'gitlab':
      return createGitlabPoster(options);
    case 'gitea':
    case 'forgejo':
      return createGiteaPoster(options, forge);
  }
}
