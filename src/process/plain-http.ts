// Plain HTTP on a TLS port gets one clear answer and never data. Costs a TLS connection one look at its first byte.
import type { Socket } from 'node:net';
import type { ListenerName } from './messages.ts';
import { plainHttpRefusal } from '../s3/server.ts';
import { rawBadRequest, refusal } from './refusals.ts';
import type { Refusal } from './refusals.ts';

/** https://www.rfc-editor.org/rfc/rfc8446#section-5.1 */
const TLS_HANDSHAKE = 0x16;
const FIRST_BYTE_TIMEOUT_MS = 30_000;
/** how long a refused client may go on sending before the connection is cut */
const LINGER_MS = 2_000;
const MESSAGE = 'This port speaks HTTPS only. Use https:// in the endpoint URL.';

/** Hands the connection to `onTls` with nothing read from it, or refuses it. */
export function expectTls(socket: Socket, listener: ListenerName, onTls: (socket: Socket) => void): void {
  // Before the TLS layer takes over, a reset is nobody's error.
  socket.on('error', () => socket.destroy());
  socket.setTimeout(FIRST_BYTE_TIMEOUT_MS, () => socket.destroy());
  socket.once('data', (chunk: Buffer) => {
    socket.setTimeout(0);
    if (chunk[0] !== TLS_HANDSHAKE) return refuse(socket, listener, chunk);
    socket.pause();
    socket.unshift(chunk);
    onTls(socket);
  });
}

function refuse(socket: Socket, listener: ListenerName, firstChunk: Buffer): void {
  // Closing with unread bytes would reset the connection and take the answer with it.
  socket.resume();
  socket.end(answer(listener, firstChunk.toString('latin1')));
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

function answer(listener: ListenerName, request: string): Buffer | string {
  if (listener === 's3') return plainHttpRefusal();
  const wantsPage = /^accept:.*text\/html/im.test(request);
  const page: Refusal = { type: 'text/html; charset=utf-8', body: pageFor(request), headers: [] };
  return rawBadRequest(wantsPage ? page : refusal(listener, { s3: '', problem: 'https-required' }, MESSAGE));
}

function pageFor(request: string): string {
  const host = /^host: *([A-Za-z0-9.:[\]-]{1,260})\r?$/im.exec(request)?.[1];
  const link = host ? `<p><a href="https://${host}/">https://${host}/</a></p>` : '';
  return `<!doctype html><meta charset="utf-8"><title>HTTPS only</title><p>${MESSAGE}</p>${link}`;
}
