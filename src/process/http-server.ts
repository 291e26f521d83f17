// One HTTP server of a worker: it listens on nothing, the primary hands it accepted connections.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttpServer } from 'node:http';
import type { Server as HttpsServer, ServerOptions } from 'node:https';
import { createServer as createHttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ListenerName } from './messages.ts';
import { expectTls } from './plain-http.ts';
import { rawBadRequest, refusal } from './refusals.ts';
import type { TlsMaterial } from './tls/material.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export type WorkerServer = {
  readonly accept: (socket: Socket) => void;
  readonly setTls: (tls: TlsMaterial) => void;
  /** Resolves when running requests have been answered, at most after `graceMs`; then cuts what is left. */
  readonly drain: (graceMs: number) => Promise<void>;
};

const HTTP_OPTIONS: ServerOptions = {
  // Node's total limit would kill slow large uploads; `timeout` below bounds a connection without progress instead.
  requestTimeout: 0,
  headersTimeout: 30_000,
  // Longer than the idle pools of common clients and proxies (60 s), so that they close first.
  keepAliveTimeout: 75_000,
  maxHeaderSize: 32 * 1024,
  noDelay: true,
};
const NO_PROGRESS_TIMEOUT_MS = 120_000;
const HANDSHAKE_TIMEOUT_MS = 20_000;
const DRAIN_POLL_MS = 50;

export function createWorkerServer(listener: ListenerName, tls: TlsMaterial | null, handler: Handler): WorkerServer {
  const secureServer = tls ? createHttpsServer(tlsOptions(tls)) : null;
  const server = secureServer ?? createHttpServer(HTTP_OPTIONS);
  server.timeout = NO_PROGRESS_TIMEOUT_MS;
  const inFlight = countInFlight(server, handler);
  server.on('clientError', (error, socket) => {
    // What came too much does not take the answer from the request before it.
    if (!inFlight.finishLast(socket)) refuseMalformed(listener, error, socket);
  });
  // `headersTimeout` and closing idle connections start with this event, which a server that is handed its
  // connections would never see.
  server.emit('listening');
  return {
    accept: (socket) => {
      if (secureServer) expectTls(socket, listener, (plain) => server.emit('connection', plain));
      else server.emit('connection', socket);
    },
    setTls: (changed) => {
      secureServer?.setSecureContext(tlsOptions(changed));
    },
    drain: async (graceMs) => {
      const endMs = performance.now() + graceMs;
      for (;;) {
        server.closeIdleConnections();
        if (inFlight.count() === 0 || performance.now() > endMs) break;
        await new Promise((resolve) => setTimeout(resolve, DRAIN_POLL_MS));
      }
      server.closeAllConnections();
    },
  };
}

function tlsOptions(tls: TlsMaterial): Parameters<HttpsServer['setSecureContext']>[0] & ServerOptions {
  return {
    ...HTTP_OPTIONS,
    cert: tls.certPem,
    key: tls.keyPem,
    ticketKeys: Buffer.from(tls.ticketKeys, 'base64'),
    sessionIdContext: 'vstorage',
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
  };
}

type InFlight = {
  readonly count: () => number;
  /** true: a request that came whole is being answered on this connection, which ends with that answer */
  readonly finishLast: (socket: Duplex) => boolean;
};

function countInFlight(server: ReturnType<typeof createHttpServer>, handler: Handler): InFlight {
  const running = new Set<ServerResponse>();
  const counted: Handler = (request, response) => {
    running.add(response);
    response.once('close', () => running.delete(response));
    handler(request, response);
  };
  const finishLast = (socket: Duplex): boolean => {
    const last = [...running].find((response) => response.socket === socket);
    if (last === undefined || !last.req.complete || last.writableEnded) return false;
    last.shouldKeepAlive = false;
    return true;
  };
  // Whoever waits for `100 Continue` or sent another expectation is answered by the same handler.
  for (const event of ['request', 'checkContinue', 'checkExpectation']) server.on(event, counted);
  return { count: () => running.size, finishLast };
}

/** by the code of Node's parser: S3's code and what to say */
const PARSER_REFUSALS: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['HPE_HEADER_OVERFLOW', ['RequestHeaderSectionTooLarge', 'The request headers are too large.']],
  ['HPE_INVALID_EOF_STATE', ['IncompleteBody', 'The connection ended before the body that Content-Length announced.']],
]);
const NOT_HTTP: readonly [string, string] = ['BadRequest', 'The request is not valid HTTP.'];

/** What Node's parser refused never reaches a handler. */
function refuseMalformed(listener: ListenerName, error: Error, socket: Duplex): void {
  const code = 'code' in error ? error.code : undefined;
  if (!socket.writable || code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [s3Code, message] = PARSER_REFUSALS.get(String(code)) ?? NOT_HTTP;
  socket.end(rawBadRequest(refusal(listener, { s3: s3Code, problem: 'malformed-request' }, message)));
}
