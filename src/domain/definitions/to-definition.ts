import type { Definition, MonitorSpec, ParameterSpec, ScheduleSpec, TriggerSpec } from './definition.js';
import { toFirstRun } from './first-run.js';
import { parseDuration, parseEvery } from './interval.js';
import type { Path, YamlFile } from './read-yaml.js';
import { toServerAction } from './to-action.js';
import type { WrittenDefinition, WrittenParameter } from './written-definition.js';
import type { WrittenSteward } from './written-steward.js';

export type Report = (code: string, message: string, path: Path) => void;

/** A written definition with everything filled in that it left to defaults. Mistakes that take two keys to see are reported. */
export function toDefinition(
  written: WrittenDefinition,
  yaml: YamlFile,
  steward: WrittenSteward,
  code: { readonly text: string; readonly file: string },
  report: Report,
): Definition {
  const { namespace } = steward;
  let places: Definition['places'] | null = null;
  return {
    id: written.id,
    externalId: `${namespace}.${written.id}`,
    scheduleExternalId: `${namespace}.${written.id}_schedule`,
    at: yaml.at(['id']),
    // Only the few definitions with problems need them.
    get places() {
      return (places ??= yaml.places());
    },
    name: written.name,
    description: written.description ?? null,
    model: written.model,
    action: toServerAction(written.action, {
      namespace,
      model: written.model,
      defaultGroups: steward.defaults?.groups ?? null,
      code,
    }),
    trigger: written.trigger === undefined ? null : toTrigger(written.trigger),
    schedule: written.schedule === undefined ? null : toSchedule(written.schedule, steward.defaults?.schedule, report),
    monitor: written.monitor === undefined ? null : toMonitor(written.monitor),
    adopts: written.adopts ?? null,
    environments: written.environments ?? null,
  };
}

function toTrigger(written: NonNullable<WrittenDefinition['trigger']>): TriggerSpec {
  return {
    roles: written.roles,
    records: written.records === undefined ? null : { domain: written.records.domain, max: written.records.max ?? 100 },
    parameters: Object.fromEntries(
      Object.entries(written.parameters ?? {}).map(([name, p]) => [name, toParameter(name, p)]),
    ),
    reason: written.reason ?? 'optional',
    mode: written.mode ?? 'direct',
  };
}

function toParameter(name: string, written: WrittenParameter): ParameterSpec {
  const words = name.replaceAll('_', ' ');
  return {
    type: written.type,
    label: written.label ?? words.charAt(0).toUpperCase() + words.slice(1),
    required: written.required ?? false,
    help: written.help ?? null,
    default: written.default ?? null,
    maxLength: written.max_length ?? null,
    min: written.min ?? null,
    max: written.max ?? null,
    options:
      written.options?.map((option) =>
        typeof option === 'string'
          ? { value: option, label: option }
          : { value: option.value, label: option.label ?? option.value },
      ) ?? null,
  };
}

type ScheduleDefaults = NonNullable<WrittenSteward['defaults']>['schedule'];

function toSchedule(
  written: NonNullable<WrittenDefinition['schedule']>,
  defaults: ScheduleDefaults,
  report: Report,
): ScheduleSpec {
  let firstRunAt: string | null = null;
  const timezone = written.timezone ?? defaults?.timezone ?? 'UTC';
  if (written.first_run !== undefined) {
    const first = toFirstRun(written.first_run, timezone);
    if ('at' in first) firstRunAt = first.at;
    else report('wrong_value', first.mistake, ['schedule', 'first_run']);
  }
  // The schema has refused what parseEvery cannot read.
  const every =
    typeof written.every === 'string'
      ? (parseEvery(written.every) ?? { number: 1, unit: 'days' as const })
      : written.every;
  return {
    every: { number: every.number, unit: every.unit },
    user: written.user ?? defaults?.user ?? 'base.user_root',
    priority: written.priority ?? defaults?.priority ?? 5,
    active: written.active ?? true,
    firstRunAt,
    timezone,
    adopts: written.adopts ?? null,
  };
}

const toMonitor = (written: NonNullable<WrittenDefinition['monitor']>): MonitorSpec => ({
  graceSeconds: written.grace === undefined ? null : parseDuration(written.grace),
  maxDurationSeconds: written.max_duration === undefined ? null : parseDuration(written.max_duration),
  alert: written.alert ?? [],
});
