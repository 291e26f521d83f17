// Every digest of a body in one pass. The one place where bodies are hashed: `update` may return a promise, so that
// large bodies can move off the event loop without a change elsewhere.
import { createHasher, type DigestName } from '../../shared/checksums.ts';

export type BodyDigests = {
  /** The chunk must not change before the promise (if any) resolves. */
  readonly update: (chunk: Uint8Array) => Promise<void> | undefined;
  /** Raw digests; called once, after the last `update`. */
  readonly finish: () => Promise<ReadonlyMap<DigestName, Buffer>>;
};

export function createBodyDigests(names: ReadonlySet<DigestName>): BodyDigests {
  const hashers = [...names].map((name) => [name, createHasher(name)] as const);
  return {
    update: (chunk) => {
      for (const [, hasher] of hashers) hasher.update(chunk);
      return undefined;
    },
    finish: async () => new Map(hashers.map(([name, hasher]) => [name, hasher.digest()])),
  };
}
