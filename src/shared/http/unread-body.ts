// What a refused request has not sent yet. A small rest is read and thrown away, so that the connection can be used
// again. A large one ends the connection, but not at once: closing with unread bytes resets it, and the client would
// never see the refusal. A body that was never invited (100 Continue) should not be on its way, but many a client sends
// it after a second without an answer, or at once: the server says that it will send no more, and listens for a moment.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { IncomingBody } from './incoming-body.ts';

const SMALL_BYTES = 256 * 1024;
const LINGER_BYTES = 16 * 1024 * 1024;
const LINGER_MS = 3_000;

type Fate = 'nothing to do' | 'drain' | 'linger' | 'linger uninvited';

function hasBody(incoming: IncomingMessage): boolean {
  const length = incoming.headers['content-length'];
  return incoming.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

function judge(incoming: IncomingMessage, body: IncomingBody): Fate {
  if (incoming.complete || !hasBody(incoming)) return 'nothing to do';
  if (!body.invited()) return 'linger uninvited';
  const announced = Number(incoming.headers['content-length'] ?? Number.NaN);
  return announced - body.bytesRead() <= SMALL_BYTES ? 'drain' : 'linger';
}

/** Call it before the head of the answer is written. */
export function settleUnreadBody(incoming: IncomingMessage, response: ServerResponse, body: IncomingBody): void {
  const fate = judge(incoming, body);
  if (fate === 'nothing to do') return;
  if (fate !== 'drain') response.setHeader('connection', 'close');
  discardRest(incoming, fate);
}

function discardRest(incoming: IncomingMessage, fate: Exclude<Fate, 'nothing to do'>): void {
  const { socket } = incoming;
  const cut = (): void => {
    socket.destroy();
  };
  const finish = (): void => void socket.end();
  // Node calls this after an answer with `connection: close`; when to close is decided here. Who waits for an invitation
  // sends nothing, and closes when it sees the end; who is sending sees the end when all of it is read.
  if (fate === 'linger') socket.destroySoon = () => {};
  if (fate === 'linger uninvited') socket.destroySoon = finish;
  const timer = setTimeout(cut, LINGER_MS).unref();
  const forget = (): void => clearTimeout(timer);
  let discarded = 0;
  incoming.on('error', () => {});
  incoming.on('data', (chunk: Uint8Array) => {
    discarded += chunk.byteLength;
    // Enough: the client sends without listening. The timer ends it.
    if (discarded > LINGER_BYTES) incoming.pause();
  });
  incoming.once('end', fate === 'drain' ? forget : finish);
  socket.once('close', forget);
}
