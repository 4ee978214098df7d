import net from 'node:net';

/** A TCP line to a server on this machine that can be cut and laid anew, on the same port. */
export interface TcpProxy {
  readonly port: number;
  /** Cuts all connections and refuses new ones. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<net.Socket>();
  let server: net.Server | null = null;
  let port = 0;
  const connect = (incoming: net.Socket) => {
    const outgoing = net.connect(targetPort, '127.0.0.1');
    incoming.pipe(outgoing).pipe(incoming);
    for (const socket of [incoming, outgoing]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        incoming.destroy();
        outgoing.destroy();
      });
    }
  };
  const start = async () => {
    const listening = net.createServer(connect);
    await new Promise<void>((resolve, reject) => {
      listening.once('error', reject);
      listening.listen(port, '127.0.0.1', resolve);
    });
    const address = listening.address();
    port = address !== null && typeof address === 'object' ? address.port : 0;
    server = listening;
  };
  const stop = async () => {
    const listening = server;
    server = null;
    const closed = new Promise<void>((resolve) => (listening ? listening.close(() => resolve()) : resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await start();
  return { port, start, stop };
}
