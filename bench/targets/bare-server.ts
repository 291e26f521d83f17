// What Node itself can do: `node:https` with as many workers as vStorage, and nothing else. Answers GET and HEAD of
// `/SIZE/…` with so many bytes, small ones from memory, large ones streamed from a file; `/list` with the bytes of a
// listing; takes PUT as durable storage must at least: MD5 of the body, written to a file that is synced. Started by
// bare.ts with its settings as JSON in the first argument.
import cluster from 'node:cluster';
import { once } from 'node:events';
import { createReadStream, createWriteStream, readFileSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { finished, pipeline } from 'node:stream/promises';
import { hashHere, hashInThread } from './bare-hashing.ts';

export type BareSettings = {
  readonly workers: number;
  readonly certFile: string;
  readonly keyFile: string;
  /** of files; bodies of PUT go here too */
  readonly folder: string;
  /** sizes that are streamed from `<folder>/<size>`; others come from memory */
  readonly streamed: readonly number[];
  readonly hashing: 'event loop' | 'thread';
  readonly listFile: string | null;
};

const settings = JSON.parse(process.argv[2] ?? '') as BareSettings;
if (cluster.isPrimary) startWorkers();
else serve();

function startWorkers(): void {
  for (let number = 0; number < settings.workers; number++) cluster.fork();
  let listening = 0;
  cluster.on('listening', (_, { port }) => {
    listening++;
    if (listening === settings.workers) process.stdout.write(`ready ${port}\n`);
  });
  process.on('SIGTERM', () => process.exit(0));
}

function serve(): void {
  process.on('disconnect', () => process.exit(0));
  const list = settings.listFile === null ? Buffer.alloc(0) : readFileSync(settings.listFile);
  const bodies = new Map<number, Buffer>();
  const bodyOf = (sizeBytes: number): Buffer => {
    const body = bodies.get(sizeBytes) ?? Buffer.alloc(sizeBytes, 'x');
    bodies.set(sizeBytes, body);
    return body;
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? '/';
    if (request.method === 'PUT') return storeBody(request, response);
    if (request.method === 'DELETE') return void response.writeHead(204).end();
    if (path.startsWith('/list')) return sendBytes(response, list, 'application/xml');
    const sizeBytes = Number(path.split('/')[1]);
    if (settings.streamed.includes(sizeBytes)) return sendFile(request, response, sizeBytes);
    sendBytes(response, bodyOf(sizeBytes), 'application/octet-stream');
  };
  const tls = { cert: readFileSync(settings.certFile), key: readFileSync(settings.keyFile) };
  const server = createServer({ ...tls, requestTimeout: 0, noDelay: true }, (request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
}

function sendBytes(response: ServerResponse, bytes: Buffer, type: string): void {
  response.writeHead(200, { 'content-type': type, 'content-length': bytes.length });
  response.end(bytes);
}

async function sendFile(request: IncomingMessage, response: ServerResponse, sizeBytes: number): Promise<void> {
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  const range = from === undefined ? { start: 0, end: sizeBytes - 1 } : { start: Number(from), end: Number(to) };
  response.writeHead(from === undefined ? 200 : 206, { 'content-length': range.end - range.start + 1 });
  await pipeline(createReadStream(join(settings.folder, String(sizeBytes)), range), response);
}

let bodies = 0;

async function storeBody(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = join(settings.folder, `put-${process.pid}-${bodies++}`);
  // Synced before it is closed, which happens too when the client leaves on the way.
  const out = createWriteStream(path, { flags: 'wx', flush: true, highWaterMark: 1024 * 1024 });
  try {
    const hasher = settings.hashing === 'thread' ? hashInThread() : hashHere();
    for await (const chunk of request as AsyncIterable<Buffer>) {
      hasher.update(chunk);
      if (!out.write(chunk)) await once(out, 'drain');
    }
    out.end();
    await finished(out);
    response.writeHead(200, { etag: `"${await hasher.digest()}"` }).end();
  } finally {
    out.destroy();
    await unlink(path);
  }
}
