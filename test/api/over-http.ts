// The console app behind a real HTTP server, asked like `app.inject`: for bodies that stream.
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';

export type Ask = {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload?: string | Buffer;
};
export type Asked = {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  readonly body: string;
  readonly rawPayload: Buffer;
};
export type App = { readonly inject: (ask: Ask) => Promise<Asked> };

export async function listenHttp(app: Pick<FastifyInstance, 'routing'>): Promise<App & AsyncDisposable> {
  const server = createServer((incoming, response) => app.routing(incoming, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    inject: (ask) => send(port, ask),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function send(port: number, { method, url, headers, payload }: Ask): Promise<Asked> {
  const answer = Promise.withResolvers<Asked>();
  const length = payload === undefined ? {} : { 'content-length': Buffer.byteLength(payload) };
  const options = { host: '127.0.0.1', port, method, path: url, headers: { ...length, ...headers }, agent: false };
  const sent = request(options, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', answer.reject);
    response.on('end', () => {
      const rawPayload = Buffer.concat(chunks);
      const statusCode = response.statusCode ?? 0;
      answer.resolve({ statusCode, headers: response.headers, body: rawPayload.toString('utf8'), rawPayload });
    });
  });
  sent.on('error', answer.reject);
  sent.end(payload);
  return answer.promise;
}
