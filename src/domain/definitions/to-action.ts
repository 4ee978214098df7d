import type { ActionSpec, Assignment, BindingView, FieldAssignment, ServerActionSpec } from './definition.js';
import type { WrittenAction, WrittenAssignments } from './written-definition.js';

export interface ActionContext {
  readonly namespace: string;
  readonly model: string;
  readonly defaultGroups: readonly string[] | null;
  /** The code that `action.code` names; '' when it was refused (and reported). */
  readonly code: { readonly text: string; readonly file: string };
}

export function toServerAction(written: WrittenAction, context: ActionContext): ServerActionSpec {
  const { binding } = written;
  return {
    spec: toSpec(written, context),
    groups: written.groups ?? context.defaultGroups,
    binding:
      binding === undefined
        ? null
        : {
            model: binding.model ?? context.model,
            views: [...(binding.views ?? (['form', 'list'] satisfies BindingView[]))].sort(),
          },
    sequence: written.sequence ?? 5,
  };
}

function toSpec(written: WrittenAction, context: ActionContext): ActionSpec {
  switch (written.kind) {
    case 'code':
      return { kind: 'code', code: context.code.text, codeFile: context.code.file };
    case 'update_record':
      return { kind: 'update_record', set: toAssignments(written.set) };
    case 'create_record':
      return {
        kind: 'create_record',
        creates: written.creates,
        values: toAssignments(written.values),
        linkField: written.link_field ?? null,
      };
    case 'copy_record':
      return {
        kind: 'copy_record',
        copies: written.copies,
        record: written.record,
        linkField: written.link_field ?? null,
      };
    case 'multi':
      return {
        kind: 'multi',
        actions: written.actions.map((action) => (action.includes('.') ? action : `${context.namespace}.${action}`)),
      };
    case 'webhook':
      return {
        kind: 'webhook',
        url: typeof written.url === 'string' ? { text: written.url } : written.url,
        fields: written.fields ?? [],
      };
    case 'email':
      return {
        kind: 'email',
        template: written.template,
        method: written.method ?? 'email',
        autofollow: written.autofollow ?? false,
      };
    case 'activity':
      return {
        kind: 'activity',
        type: written.type,
        summary: written.summary ?? null,
        note: written.note ?? null,
        due: written.due ?? { in: 0, unit: 'days' },
        assign: toAssignee(written.assign),
      };
    case 'followers':
    case 'remove_followers':
      return {
        kind: written.kind,
        who: written.field === undefined ? { partners: written.partners ?? [] } : { field: written.field },
      };
  }
}

type WrittenAssignee = Extract<WrittenAction, { kind: 'activity' }>['assign'];

function toAssignee(written: WrittenAssignee): { user: string } | { field: string } | null {
  if (written?.user !== undefined) return { user: written.user };
  if (written?.field !== undefined) return { field: written.field };
  return null;
}

const toAssignments = (written: WrittenAssignments): FieldAssignment[] =>
  Object.entries(written).map(([field, value]) => ({ field, assign: toAssignment(value) }));

function toAssignment(written: WrittenAssignments[string]): Assignment {
  if (typeof written !== 'object' || written === null) return { to: 'value', value: written };
  if (written.expression !== undefined) return { to: 'expression', expression: written.expression };
  if (written.record !== undefined) return { to: 'record', record: written.record };
  if (written.add !== undefined) return { to: 'add', record: written.add };
  if (written.remove !== undefined) return { to: 'remove', record: written.remove };
  if (written.replace !== undefined) return { to: 'replace', record: written.replace };
  if (written.sequence !== undefined) return { to: 'sequence', sequence: written.sequence };
  return { to: 'clear' };
}
