import type { ScheduleWrite } from '../../../app/ports.js';
import type { Features } from '../features.js';
import { cell, type Columns } from './columns.js';

/** `15 minutes` → number and Odoo's unit, which is always plural. */
export function splitInterval(every: string): { number: string; type: string } {
  const [number = '', unit = ''] = every.split(' ');
  return { number, type: unit.endsWith('s') ? unit : `${unit}s` };
}

/** The columns that the changed fields of a schedule need. A create carries all of them. */
export function scheduleColumns(
  write: ScheduleWrite,
  ids: { readonly action: number; readonly user: number },
  features: Features,
): Columns {
  const { values } = write;
  const isNew = write.recordId === null;
  const changes = (field: string): boolean => isNew || write.fields.includes(field);
  const columns: Columns = new Map([isNew ? ['id', write.externalId] : ['.id', cell.id(write.recordId)]]);
  if (changes('action')) columns.set('ir_actions_server_id/.id', cell.id(ids.action));
  if (changes('every')) {
    const { number, type } = splitInterval(cell.text(values['every']));
    columns.set('interval_number', number);
    columns.set('interval_type', type);
  }
  if (changes('user')) columns.set('user_id/.id', cell.id(ids.user));
  if (changes('priority')) columns.set('priority', cell.number(values['priority']));
  if (changes('active')) {
    columns.set('active', cell.boolean(values['active']));
    // 14 to 17: without it a schedule runs once and switches itself off (facts 6.2).
    if (features.schedule.has('numbercall') && (isNew || values['active'] === true)) columns.set('numbercall', '-1');
  }
  if (isNew && features.schedule.has('doall')) columns.set('doall', 'False');
  // Afterwards the worker owns it.
  if (isNew && write.firstRunAt !== null) columns.set('nextcall', write.firstRunAt);
  return columns;
}
