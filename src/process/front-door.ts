// The listening sockets. They belong to the primary, so that no worker's death closes them.
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { HostPort, ServeConfig } from '../config/config.ts';
import type { Log } from '../observe/log.ts';
import type { ListenerName, Ports } from './messages.ts';

/** The address cannot be listened on; the message says why and what to do. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** Disposing stops accepting; connections that were handed over stay. */
export type FrontDoors = Disposable & { readonly ports: Ports };

export type FrontDoorDeps = {
  readonly onConnection: (listener: ListenerName, socket: Socket) => void;
  readonly log: Log;
};

export async function openFrontDoors(
  config: Pick<ServeConfig, 's3Listen' | 'consoleListen'>,
  { onConnection, log }: FrontDoorDeps,
): Promise<FrontDoors> {
  const s3 = await open(config.s3Listen, 's3-listen', (socket) => onConnection('s3', socket));
  try {
    const console = await open(config.consoleListen, 'console-listen', (socket) => onConnection('console', socket));
    // A connection that cannot be accepted (no file numbers left) must not end the process that holds all others.
    const onError = (error: Error): void => log.error({ err: error }, 'a connection could not be accepted');
    for (const server of [s3, console]) server.on('error', onError);
    const close = (): void => [s3, console].forEach((server) => server.close());
    return { ports: { s3: portOf(s3), console: portOf(console) }, [Symbol.dispose]: close };
  } catch (error) {
    s3.close();
    throw error;
  }
}

function open(address: HostPort, setting: string, onConnection: (socket: Socket) => void): Promise<Server> {
  // Nothing may be read here: the bytes belong to the worker.
  const server = createServer({ pauseOnConnect: true, noDelay: true, keepAlive: true }, onConnection);
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(address, setting, error)));
    server.listen({ host: address.host, port: address.port, backlog: 4096 }, () => resolve(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

function listenError(address: HostPort, setting: string, error: Error): ListenError {
  const code = 'code' in error ? error.code : error.message;
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'another program listens there: stop it or choose another port',
    EACCES: 'not permitted: choose a port above 1023, or give the program the right to bind it',
    EADDRNOTAVAIL: 'this machine has no such address',
    ENOTFOUND: 'the host name does not resolve',
  };
  const reason = reasons[String(code)] ?? String(code);
  return new ListenError(`--${setting} ${address.host}:${address.port}: ${reason}`, { cause: error });
}
