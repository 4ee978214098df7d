import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again until the answer is yes; false when it was still no at the end of the time. */
export async function poll(
  isDone: () => boolean | Promise<boolean>,
  withinMs: number,
  everyMs: number,
): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (!(await isDone())) {
    if (Date.now() >= deadline) return false;
    await sleep(everyMs);
  }
  return true;
}
