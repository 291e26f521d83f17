// The built console: hashed assets are immutable, index.html is made new for each page view because it carries the
// nonce of that page's CSP. Any other path a browser navigates to is a page of the console (client-side routes).
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from '../shared/errors.ts';
import { contentSecurityPolicy } from './security-headers.ts';
import { errnoOf } from '../shared/errno.ts';

const NONCE_PLACEHOLDER = '__CSP_NONCE__';
const ASSETS = '/assets/';

const notBuiltPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>vStorage</title>
<h1>The console is not built</h1>
<p>This vStorage server runs and its APIs answer, but the web console was not built.</p>
<p>Stop the server and start it with <code>npm start</code>, which builds the console first,
or run <code>npm run build</code> in <code>console/</code> and reload this page.</p>
<p><a href="/api/docs/">API documentation</a></p>
</html>
`;

async function readIndex(consoleDir: string | null): Promise<string | undefined> {
  if (consoleDir === null) return undefined;
  try {
    return await readFile(join(consoleDir, 'index.html'), 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function sendPage(consoleDir: string | null, reply: FastifyReply): Promise<void> {
  const index = await readIndex(consoleDir);
  const nonce = randomBytes(18).toString('base64');
  reply.type('text/html; charset=utf-8').header('cache-control', 'no-store');
  if (index === undefined) return void (await reply.code(503).send(notBuiltPage));
  await reply
    .header('content-security-policy', contentSecurityPolicy(nonce))
    .send(index.replaceAll(NONCE_PLACEHOLDER, nonce));
}

/** A navigation, not a missing script or an unknown API path. */
function wantsPage(request: FastifyRequest): boolean {
  const path = request.url.split('?', 1)[0] ?? '/';
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  if (path.startsWith('/api/') || path.startsWith(ASSETS) || /\.[a-z0-9]+$/i.test(path)) return false;
  return true;
}

export async function serveConsole(app: FastifyInstance, consoleDir: string | null): Promise<void> {
  if (consoleDir !== null) {
    await app.register(fastifyStatic, {
      root: consoleDir,
      index: false,
      preCompressed: true,
      cacheControl: false,
      dotfiles: 'ignore',
      setHeaders: (reply, path) => {
        const immutable = path.slice(consoleDir.length).startsWith(ASSETS);
        void reply.header('cache-control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  }
  const page = { schema: { hide: true }, config: { access: 'public' } } as const;
  for (const path of ['/', '/index.html']) {
    app.get(path, page, async (_request, reply) => await sendPage(consoleDir, reply));
  }
  app.setNotFoundHandler(async (request, reply) => {
    if (wantsPage(request)) return await sendPage(consoleDir, reply);
    throw new ProblemError(
      404,
      'no-such-path',
      `There is nothing at ${request.method} ${request.url.split('?', 1)[0]}.`,
    );
  });
}
