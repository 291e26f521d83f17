// A TCP proxy on loopback that misbehaves when told to: the network between a gateway and its stores.
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

export type TcpProxy = AsyncDisposable & {
  readonly port: number;
  /** Nothing goes through any more, in either direction, and nobody is told: a partition. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Ends all connections; new ones are taken. */
  readonly cut: () => void;
  /** Called with what the client sends, before it goes on; answers false: it does not go on, the connection ends. */
  onSent: (bytes: Buffer) => boolean;
  /** The same for what the server answers. */
  onAnswered: (bytes: Buffer) => boolean;
};

export async function startProxy(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let paused = false;
  const server = createServer((client) => {
    const upstream = connect(target);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
      if (paused) socket.pause();
    }
    client.on('data', (bytes: Buffer) => {
      if (proxy.onSent(bytes)) upstream.write(bytes);
      else client.destroy();
    });
    upstream.on('data', (bytes: Buffer) => {
      if (proxy.onAnswered(bytes)) client.write(bytes);
      else client.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const setPaused = (value: boolean): void => {
    paused = value;
    for (const socket of sockets) {
      if (value) socket.pause();
      else socket.resume();
    }
  };
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const proxy: TcpProxy = {
    port: (server.address() as AddressInfo).port,
    pause: () => setPaused(true),
    resume: () => setPaused(false),
    cut,
    onSent: () => true,
    onAnswered: () => true,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
  return proxy;
}
