// What was asked of one key and what was answered: after a crash the key must hold the last acknowledged state, or the
// state of the one request that was under way, whole.
import { createCipheriv, createHash } from 'node:crypto';

/** null: no object */
export type State = { readonly sizeBytes: number; readonly sha256: string } | null;

/** Pseudo-random bytes that only this name has. */
export function contentOf(name: string, sizeBytes: number): Buffer {
  const keystream = createCipheriv('aes-128-ctr', createHash('md5').update(name).digest(), Buffer.alloc(16));
  return keystream.update(Buffer.alloc(sizeBytes));
}

export function stateOf(content: Uint8Array): NonNullable<State> {
  return { sizeBytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
}

/** One client at a time writes a key, so its history is a line. */
export class KeyHistory {
  #acknowledged: State = null;
  /** the request under way, after those before it that were not acknowledged */
  #unclear: State[] = [];

  /** Before the request is sent. */
  begin(state: State): void {
    this.#unclear.push(state);
  }

  /** The server said yes: what was asked before cannot come any more, because every write compares what it replaces. */
  acknowledge(): void {
    const state = this.#unclear.pop();
    if (state === undefined) throw new Error('nothing was under way');
    this.settle(state);
  }

  /** What may be read now; more than one only after requests that were not acknowledged. */
  possible(): readonly State[] {
    return [this.#acknowledged, ...this.#unclear];
  }

  /** After a crash: what was read is what is true from now on. */
  settle(observed: State): void {
    this.#acknowledged = observed;
    this.#unclear = [];
  }
}

export function sameState(a: State, b: State): boolean {
  return a === null || b === null ? a === b : a.sha256 === b.sha256 && a.sizeBytes === b.sizeBytes;
}
