/** The code hosts whose webhooks are understood and to which plans are posted. */
export type ForgeKind = 'github' | 'gitlab' | 'gitea' | 'forgejo';

/** For people. */
export const forgeNames: Readonly<Record<ForgeKind, string>> = {
  github: 'GitHub',
  gitlab: 'GitLab',
  gitea: 'Gitea',
  forgejo: 'Forgejo',
};
