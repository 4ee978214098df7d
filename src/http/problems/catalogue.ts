import type { RefusalCode } from '../../app/apply-refused.js';
import type { Conflict } from '../../app/service/deps.js';
import type { KeyRefusalCode } from '../../app/service/keys.js';
import type { RunRefusalCode } from '../../app/run-action.js';
import type { ForgeErrorCode } from '../../domain/forge/forge-error.js';
import type { OdooErrorCode } from '../../domain/odoo-error.js';
import type { SourceErrorCode } from '../../domain/source-error.js';
import type { StoreErrorCode } from '../../domain/store-error.js';

export interface ProblemKind {
  readonly status: number;
  readonly title: string;
}

/** What HTTP itself and this face of the service refuse. */
type FaceCode =
  | 'internal'
  | 'invalid_request'
  | 'invalid_body'
  | 'malformed_json'
  | 'malformed_request'
  | 'body_missing'
  | 'body_not_allowed'
  | 'unauthenticated'
  | 'forbidden'
  | 'signature_invalid'
  | 'not_found'
  | 'method_not_allowed'
  | 'not_acceptable'
  | 'precondition_failed'
  | 'precondition_required'
  | 'body_too_large'
  | 'unsupported_media_type'
  | 'headers_too_large'
  | 'request_timeout'
  | 'rate_limited'
  | 'invalid_cursor'
  | 'service_draining';

type UseCaseCode = 'definitions_invalid' | 'settings_invalid';

export type ProblemCode =
  | FaceCode
  | UseCaseCode
  | KeyRefusalCode
  | Conflict['code']
  | RefusalCode
  | RunRefusalCode
  | StoreErrorCode
  | ForgeErrorCode
  | SourceErrorCode
  | OdooErrorCode;

const kind = (status: number, title: string): ProblemKind => ({ status, title });

/**
 * Every code that a problem may have, with its status: 4xx where the caller can mend it, 502 to 504 where Odoo, git or
 * the store is at fault, and 500 for our own defects alone. An error of ours whose `code` stands here needs nothing more.
 */
export const problemKinds = {
  internal: kind(500, 'Something went wrong in the service'),
  invalid_request: kind(400, 'The request is not as described'),
  invalid_body: kind(422, 'The body is not as described'),
  malformed_json: kind(400, 'The body is not JSON'),
  malformed_request: kind(400, 'The request cannot be read'),
  body_missing: kind(400, 'A body is needed'),
  body_not_allowed: kind(400, 'No body is taken here'),
  unauthenticated: kind(401, 'A valid API key is needed'),
  forbidden: kind(403, 'Not allowed'),
  signature_invalid: kind(401, 'The signature is not right'),
  not_found: kind(404, 'Not found'),
  method_not_allowed: kind(405, 'This method is not offered here'),
  not_acceptable: kind(406, 'Not available in an accepted format'),
  precondition_failed: kind(412, 'Changed meanwhile'),
  precondition_required: kind(428, 'If-Match is needed'),
  body_too_large: kind(413, 'The body is too large'),
  unsupported_media_type: kind(415, 'This type of body is not read here'),
  headers_too_large: kind(431, 'Request Header Fields Too Large'),
  request_timeout: kind(408, 'Request Timeout'),
  rate_limited: kind(429, 'Too many requests'),
  invalid_cursor: kind(400, 'This cursor is not one of ours'),
  service_draining: kind(503, 'The service is stopping'),

  definitions_invalid: kind(422, 'The definitions have mistakes'),
  settings_invalid: kind(503, 'The settings have mistakes'),
  scope_exceeds_own: kind(403, 'More rights than the caller has'),
  key_ended: kind(409, 'The key has ended'),
  keys_exist: kind(409, 'There are keys already'),
  idempotency_key_reused: kind(422, 'The idempotency key stands for another request'),
  changed_meanwhile: kind(412, 'Changed meanwhile'),
  not_pinned: kind(409, 'The instance is not held at a revision'),
  plan_not_ready: kind(409, 'The plan is not ready'),
  plan_has_errors: kind(422, 'The plan has errors'),
  plan_stale: kind(409, 'The plan is not what would be done now'),
  guard: kind(422, 'Too much would change at once'),
  apply_running: kind(409, 'An apply is running'),

  definition_unknown: kind(404, 'There is no such definition'),
  not_triggerable: kind(422, 'The definition has no trigger'),
  not_here: kind(422, 'The definition is not for this environment'),
  reason_missing: kind(422, 'A reason is needed'),
  records_missing: kind(422, 'Records are needed'),
  records_unwanted: kind(422, 'The action runs without records'),
  records_outside_domain: kind(422, 'Records that the trigger does not allow'),
  too_many_records: kind(422, 'Too many records'),
  not_applied: kind(409, 'The definition is not applied'),
  database_copy: kind(409, 'The database is a copy'),

  store_unavailable: kind(503, 'The store does not answer'),
  store_busy: kind(503, 'The store is busy'),
  store_full: kind(503, 'The store is full'),
  store_corrupt: kind(503, 'The store is damaged'),
  store_newer: kind(503, 'The store is of another version'),
  bad_cursor: kind(400, 'This cursor is not one of ours'),
  not_storable: kind(422, 'A value that cannot be kept'),

  forge_unreachable: kind(502, 'The forge cannot be reached'),
  forge_unauthorised: kind(502, 'The forge does not accept our token'),
  forge_not_found: kind(502, 'The forge does not know it'),
  forge_rate_limited: kind(503, 'The forge is limiting us'),
  forge_refused: kind(502, 'The forge refused'),

  source_missing: kind(422, 'The definitions source is not there'),
  source_unreachable: kind(502, 'The definitions source does not answer'),
  source_refused: kind(502, 'The definitions source refused'),
  revision_unknown: kind(422, 'There is no such revision'),
  source_unsafe: kind(422, 'The definitions source is not safe to read'),
  source_too_large: kind(422, 'The definitions source is too large'),
  git_missing: kind(503, 'git is missing'),

  odoo_unreachable: kind(502, 'Odoo cannot be reached'),
  odoo_timeout: kind(504, 'Odoo did not answer in time'),
  odoo_aborted: kind(503, 'The call to Odoo was given up'),
  odoo_credentials: kind(502, 'Odoo does not accept our credentials'),
  odoo_database: kind(502, 'There is no such database in Odoo'),
  odoo_access: kind(502, 'Odoo refuses our user the right'),
  odoo_validation: kind(422, 'Odoo does not accept the values'),
  odoo_user: kind(422, 'Odoo said no'),
  odoo_missing: kind(409, 'The record is gone from Odoo'),
  odoo_busy: kind(409, 'The scheduled action is running'),
  odoo_concurrency: kind(409, 'Odoo was busy with the same records'),
  odoo_server: kind(502, 'An exception in Odoo'),
  odoo_answer: kind(502, 'The answer of Odoo cannot be read'),
  odoo_not_odoo: kind(502, 'What answers is not Odoo'),
  odoo_limit: kind(503, 'Odoo is limiting us'),
  odoo_unsendable: kind(422, 'A value that Odoo cannot be sent'),
  odoo_version: kind(502, 'This version of Odoo is not supported'),
} as const satisfies Readonly<Record<ProblemCode, ProblemKind>>;

export const isProblemCode = (code: unknown): code is ProblemCode =>
  typeof code === 'string' && Object.hasOwn(problemKinds, code);
