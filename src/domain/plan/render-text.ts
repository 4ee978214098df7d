import { showPlace, type Problem } from '../problem.js';
import type { Plan } from './plan.js';
import { renderChange, type TextOptions } from './render-change.js';
import type { Palette } from './render-palette.js';
import { showSafeLine } from './render-safe.js';
import { byDefinition, describePlan, showCounts, showErrors, type DefinitionChanges } from './render-words.js';

export type { TextOptions } from './render-change.js';

/** A plan for a terminal. */
export function renderText(plan: Plan, options: TextOptions): string {
  const { palette } = options;
  const errors = showErrors(plan);
  return lines([
    renderHeader(plan, palette),
    '',
    ...byDefinition(plan.changes).flatMap((group) => [...renderGroup(group, plan, options), '']),
    ...plan.objections.map((objection) =>
      palette.warning(`Guard: ${objection.message} To apply it all the same: --override ${objection.code}`),
    ),
    ...(plan.objections.length === 0 ? [] : ['']),
    ...renderProblems(plan.problems, palette),
    ...(plan.problems.length === 0 ? [] : ['']),
    ...(errors === null ? [] : [palette.error(errors)]),
    palette.bold(showCounts(plan)),
  ]);
}

export function renderHeader(
  plan: Pick<Plan, 'instance' | 'environment' | 'database' | 'serie' | 'source' | 'revision'>,
  palette: Palette,
): string {
  const { target, definitions } = describePlan(plan, showSafeLine);
  return `${palette.bold(plan.instance)} (${target})\n${palette.dim(`definitions: ${definitions}`)}`;
}

/** One line a problem, errors and warnings in their colours. */
export function renderProblems(problems: readonly Problem[], palette: Palette): string[] {
  return problems.map((problem) => {
    const place = problem.at === null ? '' : `${showPlace(problem.at)}  `;
    const paint = problem.severity === 'error' ? palette.error : palette.warning;
    return `${place}${paint(`${problem.severity}:`)} ${showSafeLine(problem.message)}`;
  });
}

function renderGroup(group: DefinitionChanges, plan: Plan, options: TextOptions): string[] {
  const { palette } = options;
  const at = group.changes.find((change) => change.at !== null)?.at ?? null;
  const place = at === null ? '' : `  ${palette.dim(showPlace(at))}`;
  return [
    `${palette.bold(showSafeLine(group.id))}  ${showSafeLine(group.name)}${place}`,
    ...group.changes.flatMap((change) => renderChange(change, { ...options, plan, direction: 'apply' })),
  ];
}

const lines = (parts: readonly string[]): string => `${parts.join('\n')}\n`;
