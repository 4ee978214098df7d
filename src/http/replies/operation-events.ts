import type { Progress } from '../../app/service/progress.js';
import type { EventSource } from './event-stream.js';

const POLL_MS = 1_000;

/**
 * What an operation reports, then one last event `ended` with its state. Operations of another replica, of which this
 * process hears nothing, are looked at in the store each second.
 */
export function operationEvents(
  progress: Progress,
  id: string,
  state: () => Promise<{ readonly isOver: boolean; readonly data: Readonly<Record<string, unknown>> }>,
): EventSource {
  return (sink) => {
    let timer: NodeJS.Timeout | undefined;
    let isStopped = false;
    const finish = async (): Promise<void> => {
      while (!isStopped) {
        const { isOver, data } = await state();
        if (isOver) {
          sink.send({ type: 'ended', data });
          sink.end();
          return;
        }
        await new Promise<void>((resolve) => {
          timer = setTimeout(resolve, POLL_MS);
        });
      }
    };
    const unfollow = progress.follow(id, Number(sink.lastEventId ?? 0) || 0, (event) => {
      if (event === null) void finish().catch(() => sink.end());
      else if (event.type !== 'ended') sink.send({ id: event.id, type: event.type, data: event.data });
    });
    return () => {
      isStopped = true;
      clearTimeout(timer);
      unfollow();
    };
  };
}
