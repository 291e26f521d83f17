// One request and its answer over TLS (or plain HTTP), with the error XML taken apart.
import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { once } from 'node:events';
import type { Target, WireRequest } from './raw-s3-request.ts';

export type RawReply = {
  /** 0 when the connection ended without an answer */
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly text: string;
  /** `<Code>` of an error's XML */
  readonly code: string | null;
  readonly message: string | null;
  /** the text of the first XML element of that name, entities resolved */
  readonly field: (name: string) => string | null;
  /** 100 Continue came */
  readonly continued: boolean;
};

/** One connection each: what a broken request does to its connection must not reach the next. */
export async function exchange(target: Target, wire: WireRequest): Promise<RawReply> {
  const request = open(target, wire);
  let continued = false;
  request.once('continue', () => {
    continued = true;
  });
  const answered = answer(request, wire);
  const gone = new AbortController();
  const sending = send(request, wire, gone.signal, answered).catch(() => {});
  const reply = await answered;
  gone.abort();
  await sending;
  request.destroy();
  return { ...reply, continued };
}

function open(target: Target, wire: WireRequest): http.ClientRequest {
  const url = new URL(target.url);
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  const virtualHost = String(wire.headers['host'] ?? '').replace(/:\d+$/, '');
  const options: https.RequestOptions = {
    agent: false,
    host: hostname,
    port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port,
    method: wire.method,
    path: wire.target,
    headers: Object.fromEntries(
      Object.entries({ ...wire.headers, ...(wire.expectContinue ? { expect: '100-continue' } : {}) }).map(
        ([name, value]) => [name, typeof value === 'string' ? value : [...value]],
      ),
    ),
    setHost: false,
    setDefaultHeaders: false,
    ...(target.ca === undefined ? {} : { ca: target.ca }),
    ...(virtualHost !== '' && isIP(virtualHost.replace(/^\[|\]$/g, '')) === 0 ? { servername: virtualHost } : {}),
  };
  return url.protocol === 'https:' ? https.request(options) : http.request(options);
}

async function send(
  request: http.ClientRequest,
  wire: WireRequest,
  gone: AbortSignal,
  answered: Promise<unknown>,
): Promise<void> {
  if (wire.expectContinue) {
    request.flushHeaders();
    await Promise.race([once(request, 'continue', { signal: gone }), answered]);
    if (gone.aborted) return;
  }
  let room = wire.truncateAt ?? wire.pauseAt ?? Number.POSITIVE_INFINITY;
  for await (const chunk of wire.body) {
    const part = chunk.subarray(0, room);
    room -= part.length;
    if (part.length > 0 && !request.write(part)) await once(request, 'drain', { signal: gone });
    if (room <= 0 || gone.aborted) break;
  }
  if (wire.truncateAt !== null) await halfClose(request);
  else if (wire.pauseAt === null) request.end();
}

/** Ends our direction only: the server can still answer. */
async function halfClose(request: http.ClientRequest): Promise<void> {
  request.flushHeaders();
  const socket = request.socket ?? (await once(request, 'socket'))[0];
  socket.end();
}

async function answer(request: http.ClientRequest, wire: WireRequest): Promise<Omit<RawReply, 'continued'>> {
  const chunks: Buffer[] = [];
  const receive = wire.receive ?? ((chunk: Buffer) => void chunks.push(chunk));
  try {
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      request.once('response', resolve);
      request.on('error', reject);
      request.once('close', () => reject(new Error('closed')));
    });
    for await (const chunk of response) receive(chunk);
    return parse(response.statusCode ?? 0, response.headers, response.rawHeaders, Buffer.concat(chunks));
  } catch {
    return parse(0, {}, [], Buffer.concat(chunks));
  }
}

function parse(
  status: number,
  headers: http.IncomingHttpHeaders,
  rawHeaders: readonly string[],
  body: Buffer,
): Omit<RawReply, 'continued'> {
  const isXml = /xml/.test(headers['content-type'] ?? '');
  const text = isXml || body.length < 65_536 ? body.toString('utf8') : '';
  const field = (name: string): string | null => {
    const found = new RegExp(`<${name}(?: [^>]*)?>([^<]*)</${name}>`).exec(text)?.[1];
    return found === undefined ? null : unescapeXml(found);
  };
  const isError = status >= 300 && text.includes('<Error>');
  return {
    status,
    headers,
    rawHeaders,
    body,
    text,
    code: isError ? field('Code') : null,
    message: isError ? field('Message') : null,
    field,
  };
}

function unescapeXml(text: string): string {
  const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replace(/&(#x?[0-9a-f]+|\w+);/gi, (whole, entity: string) => {
    if (!entity.startsWith('#')) return named[entity] ?? whole;
    return String.fromCodePoint(Number(entity.replace('#x', '0x').replace('#', '')));
  });
}
