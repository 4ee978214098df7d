/** Waits for the end of an operation as long as the client would; true when it came. */
export async function waitFor(done: Promise<void>, waitMs: number, signal: AbortSignal): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), waitMs);
    signal.addEventListener('abort', () => resolve(false), { once: true });
  });
  const isDone = await Promise.race([done.then(() => true as const), late]);
  clearTimeout(timer);
  return isDone;
}
