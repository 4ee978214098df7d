import type { Io } from './io.js';

const FIRST_MS = 2000;
const NEXT_MS = 10_000;

/** Says on stderr what takes so long: once after two seconds, then every ten. Lines, so that a log reads well, too. */
export async function withProgress<T>(
  io: Pick<Io, 'stderr' | 'now'>,
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  const startedAt = io.now();
  const tell = (): void => {
    io.stderr.write(`${what} … ${Math.round((io.now() - startedAt) / 1000)} s\n`);
    timer = setTimeout(tell, NEXT_MS);
  };
  let timer = setTimeout(tell, FIRST_MS);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}
