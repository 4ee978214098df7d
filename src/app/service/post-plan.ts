import { cutLine, planMarker, type Hint } from '../../domain/forge/index.js';
import { countPlan, type Plan } from '../../domain/plan/plan.js';
import { renderMarkdown } from '../../domain/plan/render-markdown.js';
import { toFailure } from '../failure.js';
import { planInstance } from './create-plan.js';
import { auditEvent, instanceOf, type Actor, type ServiceDeps } from './deps.js';
import type { RevisionState } from './forge-ports.js';
import type { ServiceRepository } from './receive-delivery.js';

type PullRequest = Extract<Hint, { kind: 'pull_request' }>;

const MAX_DESCRIPTION = 140;

/**
 * Plans a pull request's head for one instance and posts it: a comment that is kept up to date, and a commit status.
 * Nothing is posted for a closed one, nor for one from a fork: whoever may not push here shall not learn what lives in
 * Odoo. What the forge refuses is in the audit log.
 */
export async function postPlan(
  deps: ServiceDeps,
  repository: ServiceRepository,
  { number, headRevision, isOpen, isFromFork }: PullRequest,
  name: string,
  actor: Actor,
): Promise<void> {
  const { poster } = repository;
  if (poster === null || !isOpen || isFromFork) return;
  const context = `odoo-steward/${name}`;
  const setStatus = (state: RevisionState, text: string): Promise<void> =>
    poster.setStatus(headRevision, state, context, cutLine(text, MAX_DESCRIPTION), null);
  try {
    await setStatus('pending', 'Planning what this would change in Odoo');
    const { comment, state, text } = await describe(deps, name, headRevision);
    const posted = await poster.commentOnPullRequest(number, comment, planMarker(name));
    await setStatus(state, text);
    await tell('succeeded', { number, state, url: posted.url });
  } catch (error) {
    const failure = toFailure(error);
    if (failure.code === 'defect') throw error;
    await tell('failed', { number, code: failure.code, message: failure.message });
  }

  async function tell(outcome: 'succeeded' | 'failed', body: object): Promise<void> {
    const target = headRevision;
    await deps.store.audit.append([
      auditEvent(deps, actor, { action: 'plan.post', instance: name, target, outcome, body }),
    ]);
  }
}

async function describe(
  deps: ServiceDeps,
  name: string,
  ref: string,
): Promise<{ comment: string; state: RevisionState; text: string }> {
  try {
    const { plan } = await planInstance(deps, instanceOf(deps, name), { ref, prune: false, reactivate: [] });
    const errors = plan.problems.filter(({ severity }) => severity === 'error');
    const state = errors.length > 0 || plan.objections.length > 0 ? 'failure' : 'success';
    return { comment: renderMarkdown(plan, { now: deps.now() }), state, text: summaryOf(plan, errors.length) };
  } catch (error) {
    const { code, message, problems } = toFailure(error);
    if (code === 'defect') throw error;
    const lines = problems.map(({ message: said, at }) =>
      at === null ? `- ${said}` : `- \`${at.file}:${at.line}:${at.column}\` ${said}`,
    );
    const comment = [`### Plan for \`${name}\``, '', message, '', ...lines].join('\n');
    return { comment, state: code === 'definitions_invalid' ? 'failure' : 'error', text: message };
  }
}

function summaryOf(plan: Plan, errors: number): string {
  if (errors > 0) return errors === 1 ? 'The plan has an error' : `The plan has ${errors} errors`;
  const counts = countPlan(plan);
  return `${counts.create} to create, ${counts.update} to update, ${counts.delete} to delete, ${counts.held} held`;
}
