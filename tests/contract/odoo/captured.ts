import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { CallSite } from '../../../src/odoo/call-site.js';
import type { WireReply } from '../../../src/odoo/http.js';
import type { Protocol } from '../../../src/odoo/odoo-client.js';

const folder = join(import.meta.dirname, '../../fixtures/odoo-replies');

/** One captured reply of a real Odoo; the folder's README says how they were made. */
export interface Captured {
  readonly file: string;
  readonly protocol: Protocol;
  readonly scenario: string;
  readonly version: string;
  readonly reply: WireReply;
  readonly site: CallSite;
}

interface CapturedJson {
  readonly request?: { readonly path?: string; readonly params?: { readonly args?: readonly unknown[] } };
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
  readonly body_text?: string;
}

const protocols: Readonly<Record<string, Protocol>> = { jsonrpc: 'jsonrpc', json2: 'json2', xmlrpc2: 'xmlrpc' };
const writing = new Set(['run', 'create', 'write', 'load', 'unlink', 'method_direct_trigger']);

export function loadCaptured(): Captured[] {
  return readdirSync(folder).flatMap((file) => {
    const [prefix = '', scenario = '', version = ''] = file.split('.');
    const protocol = protocols[prefix];
    if (protocol === undefined) return [];
    const reply = prefix === 'xmlrpc2' ? xmlReply(file) : jsonReply(readJson(file));
    return [{ file, protocol, scenario, version, reply, site: siteOf(protocol, scenario, version, file) }];
  });
}

export function readJson(file: string): CapturedJson {
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as CapturedJson;
}

export const jsonReply = ({ status, headers, body, body_text }: CapturedJson): WireReply => ({
  status,
  headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
  body: Buffer.from(body_text ?? JSON.stringify(body)),
});

const xmlReply = (file: string): WireReply => ({
  status: 200,
  headers: { 'content-type': 'text/xml' },
  body: readFileSync(join(folder, file)),
});

/** XML-RPC's captures hold the reply alone; the same call was captured over JSON-RPC. */
function siteOf(protocol: Protocol, scenario: string, version: string, file: string): CallSite {
  const { request } = readJson(protocol === 'xmlrpc' ? `jsonrpc.${scenario}.${version}.json` : file);
  const path = (request?.path ?? '').split('/');
  const args = request?.params?.args ?? [];
  const [model, method] = protocol === 'json2' ? path.slice(-2) : [args[3], args[4]];
  const call = {
    model: typeof model === 'string' ? model : 'common',
    method: typeof method === 'string' ? method : scenario,
  };
  return {
    ...call,
    call: { instance: 'acme', ...call, protocol },
    database: 'demo',
    login: 'sync',
    url: 'https://acme.example',
    // The capture signed in as a user who does not exist.
    uid: scenario === 'execute_kw_unknown_uid' ? 999 : 2,
    effect: writing.has(call.method) || scenario.startsWith('run_') ? 'write' : 'read',
    timeoutMs: 1000,
    redact: (text) => text,
  };
}
