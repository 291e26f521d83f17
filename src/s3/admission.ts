// How many requests of a worker may wait for its stores. When these cannot keep up, or do not answer at all, whoever comes
// on top is told so at once (503 SlowDown with Retry-After) instead of joining a queue that only grows: what waits costs
// memory, and a client that waits in vain cannot go elsewhere. Slow clients do not count: who is still sending a body, or
// is being sent an answer, waits for nobody here.
import type { ServerResponse } from 'node:http';
import type { IncomingBody } from '../shared/http/incoming-body.ts';

/** Half a second of work at 1,000 requests a second, several times what keeps the stores busy. */
export const MOST_WAITING = 512;

export type Visitor = {
  readonly response: Pick<ServerResponse, 'headersSent'>;
  readonly body: Pick<IncomingBody, 'awaitsClient'>;
};

/** Disposed of when the request is over. */
export type Place = Disposable & { readonly isAdmitted: boolean };
export type Admission = { readonly enter: (visitor: Visitor) => Place };

export function createAdmission(mostWaiting: number): Admission {
  const running = new Set<Visitor>();
  // Counted only when it can matter.
  const isFull = (): boolean => running.size >= mostWaiting && countWaiting(running) >= mostWaiting;
  return {
    enter: (visitor) => {
      if (isFull()) return { isAdmitted: false, [Symbol.dispose]: () => undefined };
      running.add(visitor);
      return { isAdmitted: true, [Symbol.dispose]: () => running.delete(visitor) };
    },
  };
}

function countWaiting(running: ReadonlySet<Visitor>): number {
  let waiting = 0;
  for (const { response, body } of running) if (!response.headersSent && !body.awaitsClient()) waiting++;
  return waiting;
}
