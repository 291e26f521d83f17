// The bytes of a request. Reading them for the first time is what answers `Expect: 100-continue`, so a request that
// is refused before is never invited to send its body. Slow is fine, silent is not: instead of a limit on the whole
// request there is one on the time without a byte.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { S3Error } from '../errors.ts';

export type IncomingBody = {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** The whole body of this many bytes, when it has come already; null: nothing was taken, iterate. */
  readonly take: (sizeBytes: number) => Uint8Array | null;
  /** bytes taken from the connection so far */
  readonly bytesRead: () => number;
  /** whether the client was (or need not be) invited to send */
  readonly invited: () => boolean;
  /** whether somebody waits here for the client to send more */
  readonly awaitsClient: () => boolean;
};

export function openIncoming(incoming: IncomingMessage, response: ServerResponse, idleMs: number): IncomingBody {
  let bytesRead = 0;
  let waits = false;
  let invited = incoming.headers.expect?.toLowerCase() !== '100-continue';

  async function* chunks(): AsyncGenerator<Uint8Array> {
    if (!invited) response.writeContinue();
    invited = true;
    for await (const chunk of readSteadily(incoming, idleMs, (value) => (waits = value))) {
      bytesRead += chunk.byteLength;
      yield chunk;
    }
  }
  const take = (sizeBytes: number): Uint8Array | null => {
    if (!invited || !incoming.complete || incoming.readableLength !== sizeBytes) return null;
    // without a number Node gives only the first piece
    const body: Uint8Array | null = incoming.read(sizeBytes);
    if (body !== null) bytesRead += body.byteLength;
    return body;
  };
  return {
    chunks: { [Symbol.asyncIterator]: chunks },
    take,
    bytesRead: () => bytesRead,
    invited: () => invited,
    awaitsClient: () => waits,
  };
}

// Not `for await (… of incoming)`: that destroys the connection when left early, and then no error could be answered.
async function* readSteadily(
  incoming: IncomingMessage,
  idleMs: number,
  onWait: (waits: boolean) => void,
): AsyncGenerator<Uint8Array> {
  let wake = (): void => {};
  let silent = false;
  const onEvent = (): void => wake();
  const timer = setTimeout(() => {
    silent = true;
    wake();
  }, idleMs);
  for (const event of ['readable', 'end', 'close', 'error']) incoming.on(event, onEvent);
  const { socket } = incoming;
  socket.on('end', onEvent);
  try {
    for (;;) {
      const chunk: Uint8Array | null = incoming.read();
      if (chunk !== null) {
        yield chunk;
        continue;
      }
      if (incoming.readableEnded && incoming.complete) return;
      // The client may have ended only its own direction: it can still read that its body was too short.
      if (incoming.destroyed || incoming.readableEnded || socket.readableEnded) throw new S3Error('IncompleteBody');
      silent = false;
      timer.refresh();
      onWait(true);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      onWait(false);
      if (silent) throw new S3Error('RequestTimeout');
    }
  } finally {
    clearTimeout(timer);
    socket.off('end', onEvent);
    for (const event of ['readable', 'end', 'close']) incoming.off(event, onEvent);
    // The 'error' listener stays: a connection reset after this must not become an uncaught exception.
  }
}
