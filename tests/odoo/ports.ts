import { createServer } from 'node:net';
import { OdooToolError } from './fault.js';

// Below the range that the kernel hands out to outgoing connections, so that a server finds its port free again after
// it was stopped and started.
const lowest = 20_000;
const highest = 32_000;

/** A port of 127.0.0.1 that nothing listens on, taking the wished one when it is free. */
export async function findFreePort(wished?: number): Promise<number> {
  if (wished !== undefined && (await isFree(wished))) return wished;
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if (await isFree(port)) return port;
  }
  throw new OdooToolError(`No free port found on 127.0.0.1 between ${lowest} and ${highest}: end what listens there.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
