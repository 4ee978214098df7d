import type { ServiceDeps } from '../../app/service/deps.js';
import { operationEvents } from '../replies/operation-events.js';
import { route, type Route } from '../route.js';

/** The event stream of one kind of operation: `/{operations}/{id}/events`. */
export function followRoute<Entry extends { readonly instance: string }>(
  { progress }: Pick<ServiceDeps, 'progress'>,
  operation: {
    readonly path: `/${string}/{id}/events`;
    readonly operationId: string;
    readonly tag: string;
    readonly summary: string;
    /** Throws `not_found`. */
    readonly find: (id: string) => Promise<Entry>;
    readonly isOver: (entry: Entry) => boolean;
    readonly show: (entry: Entry) => Readonly<Record<string, unknown>>;
  },
): Route {
  const { path, operationId, tag, summary, find, isOver, show } = operation;
  return route({
    ...{ method: 'get', path, operationId, tag, summary, scope: 'read', reach: 'some_instance' },
    responses: { 200: { description: 'Events; the last is `ended`', types: ['text/event-stream'] } },
    async handler({ params, mustBeAllowed }) {
      const { id } = params;
      await mustBeAllowed('read', (await find(id)).instance);
      const state = async () => {
        const entry = await find(id);
        return { isOver: isOver(entry), data: show(entry) };
      };
      return { status: 200, events: operationEvents(progress, id, state) };
    },
  });
}
