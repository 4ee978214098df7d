import type { Protocol } from '../odoo-client.js';
import { json2 } from './json-2.js';
import { jsonRpc } from './json-rpc.js';
import { session } from './session.js';
import type { Transport } from './transport.js';
import { xmlRpc } from './xml-rpc.js';

export const transports: Readonly<Record<Protocol, Transport>> = { json2, jsonrpc: jsonRpc, xmlrpc: xmlRpc, session };
