import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A proxy to a port on this machine that can be shut: then it refuses connections and cuts open ones. */
export interface TcpProxy {
  readonly port: number;
  shut(): Promise<void>;
  /** Refuses connections from now on, and keeps the open ones. */
  refuse(): void;
  open(): Promise<void>;
}

export async function tcpProxy(target: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let server = createServer(onConnection);

  function onConnection(client: Socket): void {
    const upstream = connect(target, '127.0.0.1');
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async shut() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    refuse() {
      server.close();
    },
    async open() {
      server = createServer(onConnection).listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
  };
}
