// Transactions of this process that lost a race for the same key try again one after another: of sixty-four writers of
// one key each then loses about once, instead of sixty-three times.
import { setTimeout as sleep } from 'node:timers/promises';

/** A turn is only politeness: who waited this long goes ahead, so that nothing can wait for itself. */
const MAX_WAIT_MS = 1_000;

export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Resolves when it is the caller's turn for the key; disposing passes it on. */
  async take(key: string): Promise<Disposable> {
    const before = this.#last.get(key);
    const { promise: over, resolve: end } = Promise.withResolvers<void>();
    this.#last.set(key, over);
    if (before !== undefined) await atMost(before);
    return {
      [Symbol.dispose]: () => {
        end();
        if (this.#last.get(key) === over) this.#last.delete(key);
      },
    };
  }
}

async function atMost(wait: Promise<void>): Promise<void> {
  const timer = new AbortController();
  const expired = sleep(MAX_WAIT_MS, undefined, { signal: timer.signal }).catch(() => undefined);
  await Promise.race([wait, expired]);
  timer.abort();
}
