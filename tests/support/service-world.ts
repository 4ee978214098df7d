import { randomUUID } from 'node:crypto';
import { Background } from '../../src/app/service/background.js';
import type { Actor, ServiceDeps, ServiceInstance } from '../../src/app/service/deps.js';
import { Progress } from '../../src/app/service/progress.js';
import type { Store } from '../../src/app/service/store.js';
import type { SyncRules } from '../../src/domain/sync/decide-sync.js';
import { SourceError } from '../../src/domain/source-error.js';
import { MemoryOdoo } from './memory-odoo.js';
import { codeDefinition, noSecrets, steward, type Files } from './sync-harness.js';

export const somebody: Actor = { actor: 'key:ab12cd34 test', requestId: 'r1' };

/** One instance over an Odoo in memory and definitions by revision, in a real store. */
export class ServiceWorld {
  readonly odoo = new MemoryOdoo();
  readonly revisions = new Map<string, Files>();
  head = 'r1';
  rules: SyncRules = { policy: 'automatic', windows: [] };
  /** null: git answers. */
  gitError: SourceError | null = null;
  nowMs: number | null = null;
  readonly defects: unknown[] = [];

  constructor(
    readonly store: Store,
    readonly name = 'acme',
    readonly leaseMs = 2_000,
  ) {
    this.commit('r1', codeDefinition('tidy', "log('tidy')\n"));
  }

  commit(revision: string, files: Files): void {
    this.revisions.set(revision, files);
    this.head = revision;
  }

  /** Of a process of its own; several of them may share a store. */
  process(): ServiceDeps {
    return {
      store: this.store,
      instances: new Map([[this.name, this.instance]]),
      progress: new Progress(),
      background: new Background((error) => this.defects.push(error)),
      now: () => this.nowMs ?? Date.now(),
      newId: randomUUID,
      holder: randomUUID(),
      leaseMs: this.leaseMs,
    };
  }

  get instance(): ServiceInstance {
    return {
      target: { instance: this.name, environment: null, url: 'http://odoo.test' },
      database: 'odoo',
      definitions: 'https://git.test/acme/actions.git at main',
      address: { url: 'https://git.test/acme/actions.git', ref: 'main' },
      rules: this.rules,
      python: { check: () => Promise.resolve([]) },
      secrets: noSecrets,
      writer: this.odoo.writer,
      newReader: () => this.odoo.reader,
      source: (ref) => ({
        read: () => {
          if (this.gitError !== null) return Promise.reject(this.gitError);
          const revision = ref ?? this.head;
          const files = this.revisions.get(revision);
          if (files === undefined) {
            return Promise.reject(new SourceError('revision_unknown', `There is no revision ${revision}.`));
          }
          const all = Object.entries({ 'steward.yaml': steward, ...files }).map(([path, text]) => ({ path, text }));
          return Promise.resolve({ revision, description: `a test at ${revision}`, files: all });
        },
      }),
    };
  }
}
