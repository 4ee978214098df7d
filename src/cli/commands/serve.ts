import type { Deps, ExitCode } from '../deps.js';

/** `serve`: runs the service until a signal; the first one drains, the second one cuts. */
export async function serveCommand({ io, startService }: Deps): Promise<ExitCode> {
  const service = await startService();
  const say = (line: string): void => io.stderr.write(`${line}\n`);
  say(`odoo-steward listens on ${service.url} (API: ${service.url}/docs)`);
  if (service.howToAddInstance !== null) say(`${service.howToAddInstance}.`);
  if (!service.hasKeys) say('There is no API key yet: "odoo-steward keys create" makes the first one.');
  return new Promise((resolve, reject) => {
    const endInterrupts = io.onInterrupt((count) => {
      if (count > 1) {
        say('Stopped at once: the next start says what was under way.');
        service.cut();
        resolve(1);
        return;
      }
      say('Stopping: what is under way comes to its end first; a second signal stops at once.');
      service
        .stop()
        .finally(endInterrupts)
        .then(() => resolve(0), reject);
    });
  });
}
