import type { Migration } from './migration.js';

const tables = `
create table plan (
  seq {ID}, id text not null unique, instance text not null, status text not null,
  created_at {INT} not null, created_by text not null, ended_at {INT},
  ref text, revision text, digest text, body text
) {STRICT};
create index plan_page on plan (instance, created_at, seq);
create index plan_age on plan (created_at);

create table apply (
  seq {ID}, id text not null unique, instance text not null, status text not null,
  created_at {INT} not null, created_by text not null, started_at {INT}, ended_at {INT},
  digest text not null, revision text, total {INT}, origin text not null, reason text,
  idempotency_key text, request_hash text, request text not null, report text,
  unique (created_by, idempotency_key)
) {STRICT};
create index apply_page on apply (created_at, seq);
create index apply_instance_page on apply (instance, created_at, seq);
create index apply_open on apply (instance) where status in ('queued', 'running');

create table apply_result (
  seq {ID}, apply_id text not null references apply (id),
  external_id text not null, record_id {INT}, status text not null, message text
) {STRICT};
create index apply_result_page on apply_result (apply_id, seq);

create table sync (
  seq {ID}, id text not null unique, instance text not null,
  created_at {INT} not null, created_by text not null, ended_at {INT}, cause text not null,
  revision text, plan_id text, apply_id text, status text not null, message text
) {STRICT};
create index sync_page on sync (created_at, seq);
create index sync_instance_page on sync (instance, created_at, seq);
create index sync_open on sync (created_at) where ended_at is null;

create table instance_state (
  instance text not null primary key, version {INT} not null,
  pinned_revision text, pinned_by text, pinned_at {INT}, pin_reason text,
  seen_revision text, seen_at {INT}, applied_revision text, applied_at {INT},
  last_check text, checked_at {INT}
) {STRICT};

create table accepted_drift (
  seq {ID}, id text not null unique, instance text not null, object text not null, external_id text not null,
  field text not null, live_digest text not null, reason text not null,
  accepted_by text not null, accepted_at {INT} not null, until {INT} not null, ended_at {INT}
) {STRICT};
create index accepted_drift_open on accepted_drift (instance, until) where ended_at is null;

create table delivery (
  seq {ID}, id text not null unique, source text not null, received_at {INT} not null,
  event text not null, revision text
) {STRICT};
create index delivery_page on delivery (received_at, seq);

create table api_key (
  seq {ID}, id text not null unique, prefix text not null unique, hash text not null, name text not null,
  scopes text not null, created_at {INT} not null, created_by text not null,
  expires_at {INT}, last_used_at {INT}, revoked_at {INT}, replaces text
) {STRICT};
create index api_key_page on api_key (created_at, seq);

create table lease (
  name text not null primary key, holder text not null, fence {INT} not null, until {INT} not null
) {STRICT};

create table audit_event (
  id {ID}, at {INT} not null, actor text not null, action text not null, instance text, target text,
  outcome text not null, request_id text, body text not null
) {STRICT};
create index audit_event_instance on audit_event (instance, id);
create index audit_event_actor on audit_event (actor, id);
create index audit_event_action on audit_event (action, id);
create index audit_event_target on audit_event (target, id);
create index audit_event_at on audit_event (at);
`;

/** Whatever the program does wrong, what the audit log says stays said. */
const sqliteTriggers = `
create trigger audit_event_no_update before update on audit_event
begin select raise(abort, 'audit events are never changed'); end;
create trigger audit_event_no_delete before delete on audit_event
begin select raise(abort, 'audit events are never changed'); end;
`;

const postgresTriggers = `
create function audit_event_refuse() returns trigger language plpgsql as
'begin raise exception ''audit events are never changed'' using errcode = ''integrity_constraint_violation''; end';
create trigger audit_event_no_change before update or delete on audit_event
  for each row execute function audit_event_refuse();
create trigger audit_event_no_truncate before truncate on audit_event
  for each statement execute function audit_event_refuse();
`;

export const serviceTables: Migration = {
  version: 1,
  name: 'service tables',
  script: { sqlite: tables + sqliteTriggers, postgres: tables + postgresTriggers },
};
