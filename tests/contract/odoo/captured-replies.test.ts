import { inspect } from 'node:util';

import { describe, expect, it } from '@jest/globals';

import { isOdooError, odooTraceback, type OdooErrorCode, type OdooOutcome } from '../../../src/domain/odoo-error.js';
import { modelFields } from '../../../src/odoo/fields.js';
import { transports } from '../../../src/odoo/transports/index.js';
import { loadCaptured, readJson, type Captured } from './captured.js';

type Answer = { readonly value: unknown } | { readonly error: OdooErrorCode; readonly outcome?: OdooOutcome };
/** For all, or by protocol, or by protocol and version (`xmlrpc.14`), the nearest first. */
type Expected = Answer | Readonly<Partial<Record<string, Answer>>>;

const value = (it: unknown): Answer => ({ value: it });
const fails = (error: OdooErrorCode, outcome: OdooOutcome = 'not_done'): Answer => ({ error, outcome });
const anything = expect.anything() as unknown;
const loadFailed = value({
  ids: false,
  nextrow: expect.any(Number) as unknown,
  messages: expect.any(Array) as unknown,
});
const loadDone = value(expect.objectContaining({ ids: [expect.any(Number)] }));

/** XML-RPC tells `UserError` and its subclasses apart by nothing, so these three are one kind there. */
const userOverXml = (json: OdooErrorCode): Expected => ({ xmlrpc: fails('odoo_user'), default: fails(json) });

const expected: Readonly<Record<string, Expected>> = {
  version: value(expect.objectContaining({ server_serie: expect.any(String) as unknown })),
  authenticate_ok: value(2),
  authenticate_wrong_password: value(false),
  authenticate_wrong_db: fails('odoo_database'),
  execute_kw_wrong_db: fails('odoo_database'),
  execute_kw_wrong_password: fails('odoo_credentials'),
  execute_kw_unknown_uid: fails('odoo_credentials'),
  auth_invalid_key: fails('odoo_credentials'),
  auth_missing: fails('odoo_credentials'),
  wrong_db_header: fails('odoo_database'),
  context_get_ok: value(expect.objectContaining({ uid: 2 })),
  search_read_ok: value([{ id: 2, login: 'admin', active: true }]),
  create_ok: value([expect.any(Number)]),
  access_error: fails('odoo_access'),
  private_method: fails('odoo_access'),
  run_group_denied: fails('odoo_access'),
  run_user_error: fails('odoo_user'),
  unknown_model: fails('odoo_user'),
  unknown_method: { json2: fails('odoo_user'), default: fails('odoo_server') },
  validation_syntax_error: userOverXml('odoo_validation'),
  validation_forbidden_opcode: userOverXml('odoo_validation'),
  missing_required: userOverXml('odoo_validation'),
  fk_violation: userOverXml('odoo_validation'),
  name_error_dunder: fails('odoo_validation'),
  wrong_selection_value: fails('odoo_validation'),
  cron_bad_datetime: fails('odoo_validation'),
  unknown_field: fails('odoo_validation'),
  missing_parameter: fails('odoo_validation'),
  wrong_parameter: fails('odoo_validation'),
  ids_on_model_method: fails('odoo_validation'),
  bad_json: fails('odoo_server'),
  run_missing_record: userOverXml('odoo_missing'),
  run_python_error: fails('odoo_server'),
  run_zero_division: fails('odoo_server'),
  run_ok_false: value(false),
  run_no_ids: value(false),
  run_without_ids: value(false),
  run_ok_notification: value(expect.objectContaining({ tag: 'display_notification' })),
  run_nested_none: { xmlrpc: value(null), default: value(anything) },
  run_unserializable_bytes: { 'jsonrpc.17': value({ b: 'ÿ' }), default: fails('odoo_server', 'unknown') },
  write_missing_action: value(true),
  serialization_failure: fails('odoo_concurrency'),
  cron_read: value([anything]),
  cron_direct_trigger_ok: value(true),
  cron_direct_trigger_failing: {
    'xmlrpc.19': value(expect.objectContaining({ tag: 'display_exception' })),
    'jsonrpc.19': value(expect.objectContaining({ tag: 'display_exception' })),
    'json2.19': value(expect.objectContaining({ tag: 'display_exception' })),
    default: fails('odoo_user'),
  },
  cron_locked_write: fails('odoo_busy'),
  cron_locked_direct_trigger: fails('odoo_busy'),
  cron_locked_load: { 'xmlrpc.19': loadFailed, 'jsonrpc.19': loadFailed, default: fails('odoo_busy') },
  cron_unlink_missing: fails('odoo_busy'),
  load_ok: loadDone,
  load_bad_row: loadFailed,
  load_bad_selection: loadFailed,
};

function expectedOf({ scenario, protocol, version }: Captured): Answer {
  const entry = expected[scenario];
  if (entry === undefined) throw new Error(`no expectation for the captured scenario ${scenario}`);
  if ('value' in entry || 'error' in entry) return entry as Answer;
  const answer = entry[`${protocol}.${version}`] ?? entry[protocol] ?? entry['default'];
  if (answer === undefined) throw new Error(`no expectation for ${scenario} over ${protocol} on ${version}`);
  return answer;
}

function answerOf({ protocol, reply, site }: Captured): Answer {
  try {
    return { value: transports[protocol].readAnswer(reply, site) };
  } catch (error) {
    if (!isOdooError(error)) throw error;
    return { error: error.code, outcome: error.outcome };
  }
}

function errorOf({ protocol, reply, site }: Captured): Error | null {
  try {
    transports[protocol].readAnswer(reply, site);
    return null;
  } catch (error) {
    return error as Error;
  }
}

const captured = loadCaptured();

describe('a reply captured from a real Odoo', () => {
  it.each(captured.map((each) => [each.file, each] as const))('%s means what it should', (_file, each) => {
    expect(answerOf(each)).toEqual(expectedOf(each));
  });

  it('has an expectation that is used by at least one capture', () => {
    const scenarios = new Set(captured.map(({ scenario }) => scenario));
    expect(Object.keys(expected).filter((scenario) => !scenarios.has(scenario))).toEqual([]);
  });

  it('never shows the traceback or the code of an action in its error, and keeps it apart for those who may see it', () => {
    const errors = captured.map(errorOf).filter(isOdooError);
    expect(errors.length).toBeGreaterThan(200);
    for (const error of errors) {
      const shown = JSON.stringify(error) + String(error) + inspect(error, { depth: Infinity, showHidden: true });
      expect(shown).not.toMatch(/Traceback|while evaluating|record\.__class__/);
    }
    expect(errors.filter((error) => odooTraceback(error)?.includes('Traceback')).length).toBeGreaterThan(100);
  });

  it.each(
    ['14', '17', '18', '19'].flatMap((v) => [`fields_get.ir.actions.server.${v}.json`, `fields_get.ir.cron.${v}.json`]),
  )('%s is read as fields', (file) => {
    const fields = modelFields.parse(readJson(file));
    expect(fields['active']?.type ?? fields['code']?.type).toMatch(/boolean|text/);
    expect(Object.keys(fields)).toEqual(Object.keys(readJson(file)));
  });
});
