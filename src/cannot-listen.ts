export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** The service got no place to listen at; the message is one sentence that says what to do. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen';
  readonly code = 'cannot_listen';
}

/** What Node threw, in words; what has nothing to do with the address comes back as it is. */
export function toCannotListen(error: unknown, { host, port }: ListenAddress): unknown {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const where = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const why: Readonly<Record<string, string>> = {
    EADDRINUSE: `${where} is taken: another program listens there, perhaps this service itself. End it, or choose another port with STEWARD_LISTEN.`,
    EACCES: `This user may not listen on ${where}: choose a port from 1024 on with STEWARD_LISTEN.`,
    EADDRNOTAVAIL: `No network interface of this machine has the address ${host}: mend STEWARD_LISTEN.`,
    ENOTFOUND: `The name ${host} is not known here: mend STEWARD_LISTEN.`,
    EAI_AGAIN: `The name ${host} is not known here: mend STEWARD_LISTEN.`,
  };
  const message = why[code];
  return message === undefined ? error : new CannotListen(message, { cause: error });
}
