/** Payloads in the form that each forge documents, without what nobody reads. */
export const before = '28e1879d029cb852e4844d9c718537df08844e03';
export const after = 'bffeb74224043ba2feb48d137756c8a9331c449a';
export const zero = '0'.repeat(40);

const githubRepository = {
  id: 186853002,
  name: 'definitions',
  full_name: 'acme/definitions',
  html_url: 'https://github.com/acme/definitions',
  git_url: 'git://github.com/acme/definitions.git',
  ssh_url: 'git@github.com:acme/definitions.git',
  clone_url: 'https://github.com/acme/definitions.git',
  default_branch: 'main',
};

export const githubPush = {
  ref: 'refs/heads/main',
  before,
  after,
  created: false,
  deleted: false,
  forced: false,
  repository: githubRepository,
  pusher: { name: 'mitchell', email: 'mitchell@acme.example' },
  commits: [{ id: after, message: 'Überfällige Rechnungen 🧾', added: [], removed: [], modified: ['a.yaml'] }],
};

export const githubPing = {
  zen: 'Design for failure.',
  hook_id: 30,
  hook: { type: 'Repository', events: ['push'] },
  repository: githubRepository,
};

export const githubPullRequest = {
  action: 'synchronize',
  number: 7,
  pull_request: {
    number: 7,
    state: 'open',
    head: { label: 'acme:calls', ref: 'calls', sha: after, repo: { full_name: 'acme/definitions' } },
    base: { label: 'acme:main', ref: 'main', sha: before, repo: { full_name: 'acme/definitions' } },
  },
  repository: githubRepository,
};

const giteaRepository = {
  id: 140,
  owner: { login: 'acme' },
  full_name: 'acme/definitions',
  html_url: 'http://git.acme.example:3000/acme/definitions',
  ssh_url: 'ssh://git@git.acme.example:2222/acme/definitions.git',
  clone_url: 'http://git.acme.example:3000/acme/definitions.git',
  default_branch: 'main',
};

export const giteaPush = {
  ref: 'refs/heads/develop',
  before,
  after,
  compare_url: `http://git.acme.example:3000/acme/definitions/compare/${before}...${after}`,
  commits: [{ id: after, message: 'Webhooks Yay!' }],
  total_commits: 1,
  repository: giteaRepository,
  pusher: { id: 1, login: 'mitchell' },
  sender: { id: 1, login: 'mitchell' },
};

export const giteaPullRequest = {
  action: 'synchronized',
  number: 3,
  pull_request: {
    id: 12,
    state: 'closed',
    head: { label: 'calls', ref: 'calls', sha: after, repo_id: 9, repo: { full_name: 'joel/definitions' } },
    base: { label: 'main', ref: 'main', sha: before, repo_id: 140, repo: { full_name: 'acme/definitions' } },
  },
  repository: giteaRepository,
};

const gitlabProject = {
  id: 15,
  name: 'Definitions',
  web_url: 'https://gitlab.acme.example/erp/odoo/definitions',
  git_ssh_url: 'git@gitlab.acme.example:erp/odoo/definitions.git',
  git_http_url: 'https://gitlab.acme.example/erp/odoo/definitions.git',
  path_with_namespace: 'erp/odoo/definitions',
  default_branch: 'main',
};

export const gitlabPush = {
  object_kind: 'push',
  event_name: 'push',
  before,
  after,
  ref: 'refs/heads/main',
  ref_protected: true,
  checkout_sha: after,
  project_id: 15,
  project: gitlabProject,
  commits: [],
  total_commits_count: 1,
};

export const gitlabTagPush = { ...gitlabPush, object_kind: 'tag_push', before: zero, ref: 'refs/tags/v1.0.0' };

export const gitlabMergeRequest = {
  object_kind: 'merge_request',
  event_type: 'merge_request',
  project: gitlabProject,
  object_attributes: {
    id: 99,
    iid: 5,
    state: 'opened',
    action: 'update',
    oldrev: before,
    source_branch: 'calls',
    target_branch: 'main',
    source_project_id: 15,
    target_project_id: 15,
    last_commit: { id: after, message: 'Calls' },
  },
};

export const bytes = (payload: unknown): Buffer => Buffer.from(JSON.stringify(payload), 'utf8');
