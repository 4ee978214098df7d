import { Document, isCollection, visit } from 'yaml';
import { escapeVariables } from './variables.js';
import type { WrittenDefinition } from './written-definition.js';

/** The house's order of keys; what is not named here keeps its place at the end. */
const order = [
  ...['id', 'name', 'description', 'adopts', 'model', 'kind', 'code', 'creates', 'copies', 'record', 'set', 'values'],
  ...['link_field', 'actions', 'url', 'template', 'method', 'type', 'summary', 'note', 'due', 'partners', 'field'],
  ...[
    'every',
    'first_run',
    'timezone',
    'user',
    'priority',
    'active',
    'roles',
    'records',
    'parameters',
    'reason',
    'mode',
  ],
  ...['action', 'trigger', 'schedule', 'monitor', 'environments', 'groups', 'binding', 'sequence'],
];
/** Below these keys the names are people's own and keep their order. */
const ownNames = new Set(['set', 'values', 'parameters', 'domain']);
/** The big parts of a file always stand in lines of their own. */
const block = new Set(['action', 'schedule', 'trigger', 'monitor', 'records', 'parameters', 'set', 'values']);
const lineLength = 90;

interface RenderOptions {
  /** Address of the JSON Schema for editors, written as the first line. */
  readonly schemaUrl?: string;
}

/** The YAML text of a definition file; `${` in its texts is escaped, so that it reads back as it is. */
export function renderDefinition(definition: WrittenDefinition, options: RenderOptions = {}): string {
  const document = new Document(tidy(definition, true), { aliasDuplicateObjects: false });
  visit(document, {
    Pair: (_key, { key, value }) => {
      if (isCollection(value) && !block.has(String(key))) value.flow = fitsInLine(value.toJSON());
    },
    Seq: (_key, node) => {
      for (const item of node.items) if (isCollection(item)) item.flow = fitsInLine(item.toJSON());
    },
  });
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: false });
  return options.schemaUrl === undefined ? text : `# yaml-language-server: $schema=${options.schemaUrl}\n${text}`;
}

function fitsInLine(value: unknown): boolean {
  const text = JSON.stringify(value);
  return text.length <= lineLength && !text.includes('\\n');
}

/** Keys in order, absent ones left out, `${` escaped. */
function tidy(value: unknown, ordered: boolean): unknown {
  if (typeof value === 'string') return escapeVariables(value);
  if (Array.isArray(value)) return value.map((item) => tidy(item, ordered));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (ordered) entries.sort(([a], [b]) => rank(a) - rank(b));
  return Object.fromEntries(entries.map(([key, item]) => [key, tidy(item, !ownNames.has(key))]));
}

const rank = (key: string): number => {
  const index = order.indexOf(key);
  return index === -1 ? order.length : index;
};
