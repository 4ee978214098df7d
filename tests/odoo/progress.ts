const announceAfterMs = 2_000;

/** Does a step of the work and, when it takes more than two seconds, says on stderr what it is and how long it took. */
export async function step<T>(label: string, work: () => Promise<T>): Promise<T> {
  return withProgress(() => label, work());
}

/** The same for something already under way; the label is asked for when there is something to say. */
export async function withProgress<T>(label: () => string, pending: Promise<T>): Promise<T> {
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  const live = process.stderr.isTTY;
  const write = (text: string) => process.stderr.write(text);
  let ticking: NodeJS.Timeout | undefined;
  let announced = '';
  const timer = setTimeout(() => {
    announced = label();
    write(live ? `odoo: ${announced} ... ${seconds()} s` : `odoo: ${announced} ...\n`);
    if (live) ticking = setInterval(() => write(`\r\x1b[2Kodoo: ${announced} ... ${seconds()} s`), 1_000);
  }, announceAfterMs);
  try {
    const result = await pending;
    if (announced) write(`${live ? '\r\x1b[2K' : ''}odoo: ${announced}: done in ${seconds()} s\n`);
    return result;
  } catch (error) {
    if (announced) write(`${live ? '\r\x1b[2K' : ''}odoo: ${announced}: failed after ${seconds()} s\n`);
    throw error;
  } finally {
    clearTimeout(timer);
    clearInterval(ticking);
  }
}

/** A line for the person who waits. */
export function say(text: string): void {
  process.stderr.write(`odoo: ${text}\n`);
}
