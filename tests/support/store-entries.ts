import { randomUUID } from 'node:crypto';
import type {
  AcceptedDrift,
  ApplyEntry,
  AuditEvent,
  DeliveryEntry,
  KeyEntry,
  PlanEntry,
  SyncEntry,
} from '../../src/app/service/store.js';

/** Entries as the service writes them; a test states only what is of its concern. */
export const aPlan = (own: Partial<PlanEntry> = {}): PlanEntry => ({
  ...{ id: randomUUID(), instance: 'acme', status: 'running', createdAt: 1000, createdBy: 'cli:ann', endedAt: null },
  ...{ ref: null, revision: null, digest: null, body: null },
  ...own,
});

export const anApply = (own: Partial<ApplyEntry> = {}): ApplyEntry => ({
  ...{ id: randomUUID(), instance: 'acme', status: 'queued', createdAt: 1000, createdBy: 'key:ab ci', startedAt: null },
  ...{ endedAt: null, digest: 'd1', revision: null, total: null, origin: 'api', reason: null, idempotencyKey: null },
  ...{ requestHash: null, request: '{}', report: null },
  ...own,
});

export const aSync = (own: Partial<SyncEntry> = {}): SyncEntry => ({
  ...{ id: randomUUID(), instance: 'acme', createdAt: 1000, createdBy: 'timer', endedAt: null, cause: 'timer' },
  ...{ revision: null, planId: null, applyId: null, status: 'running', message: null },
  ...own,
});

export const aDrift = (own: Partial<AcceptedDrift> = {}): AcceptedDrift => ({
  ...{ id: randomUUID(), instance: 'acme', object: 'server_action', externalId: 'acme.tidy', field: 'code' },
  ...{ liveDigest: 'l1', reason: 'hotfix', acceptedBy: 'cli:ann', acceptedAt: 1000, until: 5000, endedAt: null },
  ...own,
});

export const aDelivery = (own: Partial<DeliveryEntry> = {}): DeliveryEntry => ({
  ...{ id: randomUUID(), source: 'github', receivedAt: 1000, event: 'push', revision: 'r1' },
  ...own,
});

export const aKey = (own: Partial<KeyEntry> = {}): KeyEntry => ({
  ...{ id: randomUUID(), prefix: randomUUID(), hash: 'h1', name: 'ci', scopes: '[]', createdAt: 1000 },
  ...{ createdBy: 'cli:ann', expiresAt: null, lastUsedAt: null, revokedAt: null, replaces: null },
  ...own,
});

export const anEvent = (own: Partial<AuditEvent> = {}): AuditEvent => ({
  ...{ at: 1000, actor: 'system', action: 'plan.create', instance: 'acme', target: null, outcome: 'succeeded' },
  ...{ requestId: null, body: '{}' },
  ...own,
});
