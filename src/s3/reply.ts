// One reply per request. A stream's first chunk is fetched before the head is written: a body that cannot be read is
// an error with a status, not a broken download. After that only cutting the connection can tell.
import type { ServerResponse } from 'node:http';
import type { S3Reply } from './operation.ts';

/** Longest time a client may take nothing of an answer. */
const STALLED_MS = 60_000;

export type ReplyIds = { readonly requestId: string; readonly hostId: string };

/** What every answer carries; Node adds Date. */
export function replyHeaders({ requestId, hostId }: ReplyIds): Record<string, string> {
  return { server: 'vStorage', 'x-amz-request-id': requestId, 'x-amz-id-2': hostId };
}

function writeHead(response: ServerResponse, reply: S3Reply, ids: ReplyIds, contentLength: number | null): void {
  const headers = { ...replyHeaders(ids), ...reply.headers };
  // The last: once Node knows the length it reads Content-Disposition as UTF-8, and these values are bytes already.
  if (contentLength !== null) headers['content-length'] = String(contentLength);
  response.writeHead(reply.status, headers);
}

/** 204 and 304 have neither body nor length. */
function hasNoLength(status: number): boolean {
  return status === 204 || status === 304;
}

function endWhole(response: ServerResponse, reply: S3Reply, ids: ReplyIds, body: string | Uint8Array): number {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const isXml = typeof body === 'string' && body !== '';
  const typed = isXml ? { ...reply, headers: { 'content-type': 'application/xml', ...reply.headers } } : reply;
  writeHead(response, typed, ids, hasNoLength(reply.status) ? null : bytes.byteLength);
  response.end(bytes);
  return bytes.byteLength;
}

/** The answer to HEAD: the head that GET would have, and nothing after it. */
function endHeadOnly(response: ServerResponse, reply: S3Reply, ids: ReplyIds): number {
  writeHead(response, reply, ids, null);
  response.end();
  return 0;
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}

async function endStream(
  response: ServerResponse,
  reply: S3Reply,
  ids: ReplyIds,
  body: AsyncIterable<Uint8Array>,
): Promise<number> {
  const chunks = body[Symbol.asyncIterator]();
  const length = reply.headers?.['content-length'];
  let sentBytes = 0;
  try {
    let next = await chunks.next();
    writeHead(response, reply, ids, null);
    response.setTimeout(STALLED_MS, () => response.destroy());
    while (next.done !== true && !response.destroyed) {
      sentBytes += next.value.byteLength;
      // The whole of a small object in one write.
      if (String(sentBytes) === length) response.end(next.value);
      else if (!response.write(next.value)) await drained(response);
      if (response.destroyed) break;
      next = await chunks.next();
    }
    if (!response.writableEnded) response.end();
    return sentBytes;
  } catch (error) {
    if (response.headersSent) response.destroy();
    throw error;
  } finally {
    await chunks.return?.();
  }
}

/** Resolves with the bytes of the body that were sent. Rejects when the body could not be read. */
export async function sendReply(
  response: ServerResponse,
  reply: S3Reply,
  ids: ReplyIds,
  options: { readonly headOnly: boolean },
): Promise<number> {
  if (options.headOnly) return endHeadOnly(response, reply, ids);
  const { body = '' } = reply;
  if (typeof body === 'string' || body instanceof Uint8Array) return endWhole(response, reply, ids, body);
  return endStream(response, reply, ids, body);
}
