import { diffLines } from './render-diff.js';
import type { PlanJson, PlanJsonChange } from './render-json-schema.js';
import type { Value } from './values.js';

/** A plan as a page of its own, without scripts or styles of others. Every text is escaped. */
export function renderHtml(plan: PlanJson): string {
  const { counts } = plan;
  const summary = `${counts.create} to create, ${counts.update} to update, ${counts.delete} to delete, ${counts.adopt} to adopt, ${counts.held} held, ${counts.unchanged} unchanged`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Plan for ${escape(plan.instance)}</title>
</head>
<body>
<main>
<h1>Plan for ${escape(plan.instance)}</h1>
<p>${escape(summary)}.</p>
<dl>
${term('Definitions', plan.source)}${term('Revision', plan.revision ?? 'not committed')}${term('Database', `${plan.database}, Odoo ${plan.odoo}`)}${term('Digest', plan.digest)}</dl>
${listOf(
  'Before it can be applied',
  [...plan.objections, ...plan.problems].map(({ message }) => escape(message)),
)}${plan.changes.map(renderChange).join('\n')}
</main>
</body>
</html>
`;
}

const verbs = { create: 'Create', update: 'Update', delete: 'Delete', adopt: 'Adopt' } as const;
const objects = { server_action: 'server action', scheduled_action: 'scheduled action' } as const;

function renderChange(change: PlanJsonChange): string {
  const held = change.held === null ? '' : ` <em>(held: ${escape(change.held.replace(/_/g, ' '))})</em>`;
  return `<section>
<h2>${verbs[change.op]} ${objects[change.object]} <code>${escape(change.externalId)}</code>${held}</h2>
<p>${escape(change.name)}</p>
${fieldsOf(change)}</section>`;
}

function fieldsOf(change: PlanJsonChange): string {
  if (change.op === 'adopt') return '';
  if (change.op === 'update') {
    const rows = change.fields.map(
      ({ field, before, after }) =>
        `<tr><th scope="row">${escape(field)}</th><td>${difference(before, after)}</td></tr>\n`,
    );
    return `<table>\n<caption>From Odoo to git</caption>\n${rows.join('')}</table>\n`;
  }
  const values = Object.entries(change.op === 'create' ? change.after : change.before);
  const rows = values.map(
    ([field, value]) => `<tr><th scope="row">${escape(field)}</th><td>${block(textOf(value))}</td></tr>\n`,
  );
  return `<table>\n${rows.join('')}</table>\n`;
}

function difference(before: Value, after: Value): string {
  const [old, wanted] = [textOf(before), textOf(after)];
  if (!old.includes('\n') && !wanted.includes('\n')) return `<del>${escape(old)}</del> <ins>${escape(wanted)}</ins>`;
  return `<pre>${escape(
    diffLines(old, wanted)
      .lines.map(({ text }) => text)
      .join('\n'),
  )}</pre>`;
}

const term = (name: string, value: string): string => `<dt>${name}</dt><dd>${escape(value)}</dd>\n`;
const block = (text: string): string => (text.includes('\n') ? `<pre>${escape(text)}</pre>` : escape(text));
const textOf = (value: Value): string => (typeof value === 'string' ? value : JSON.stringify(value));

const listOf = (title: string, items: readonly string[]): string =>
  items.length === 0 ? '' : `<h2>${title}</h2>\n<ul>\n${items.map((item) => `<li>${item}</li>\n`).join('')}</ul>\n`;

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
