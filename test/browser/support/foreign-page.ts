// A web page of another origin than the server's, as somebody's own application would be.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type ForeignPage = AsyncDisposable & { readonly origin: string; readonly show: (html: string) => void };

export async function openForeignPage(): Promise<ForeignPage> {
  let html = '<!doctype html><title>app</title>';
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    show: (text) => {
      html = text;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
