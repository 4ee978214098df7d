import { showSafeLine } from '../domain/plan/render-safe.js';

/** What an action returned, in plain words; a browser would have acted on it. */
export function describeResult(result: unknown): string {
  if (result === null || result === undefined || result === false) return 'It returned nothing.';
  if (typeof result !== 'object' || Array.isArray(result)) return `It returned ${shorten(JSON.stringify(result))}.`;
  const action = result as Readonly<Record<string, unknown>>;
  const name = text(action['name']) ?? text(action['display_name']);
  const named = name === null ? '' : ` "${shorten(name)}"`;
  switch (action['type']) {
    case 'ir.actions.act_window': {
      const model = text(action['res_model']) ?? 'records';
      const record = typeof action['res_id'] === 'number' && action['res_id'] > 0 ? ` #${action['res_id']}` : '';
      return `In Odoo it would open ${record === '' ? 'a view of ' : ''}${shorten(model)}${record}${named}.`;
    }
    case 'ir.actions.act_window_close':
      return 'It ended without anything to show.';
    case 'ir.actions.act_url':
      return `In Odoo it would open ${shorten(text(action['url']) ?? 'an address')}.`;
    case 'ir.actions.report':
      return `In Odoo it would print the report${named}.`;
    case 'ir.actions.client':
      return describeClient(action);
    default:
      return `It returned ${shorten(JSON.stringify(result))}.`;
  }
}

function describeClient(action: Readonly<Record<string, unknown>>): string {
  const params = action['params'];
  if (action['tag'] !== 'display_notification' || typeof params !== 'object' || params === null)
    return `In Odoo it would start ${shorten(text(action['tag']) ?? 'a client action')}.`;
  const { title, message } = params as Readonly<Record<string, unknown>>;
  const words = [text(title), text(message)].filter((word) => word !== null);
  return words.length === 0 ? 'It showed a notification.' : `It says: ${shorten(words.join(': '))}`;
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

function shorten(words: string): string {
  const line = showSafeLine(words);
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
