// What a move works on.
import type { BlobStore } from '../blobs/blob-store.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import type { Clock } from '../shared/clock.ts';

export type Pair = { readonly store: MetadataStore; readonly blobs: BlobStore };

export type MoveDeps = {
  readonly source: Pair;
  readonly target: Pair;
  readonly clock: Clock;
  /** unique among running processes, and new at each start */
  readonly holder: string;
  /** names the target to people; no secrets */
  readonly to: string;
};

export type MovePhase = 'copies' | 'follows' | 'compares';

export type MoveCounts = {
  /** rows copied, those that changed meanwhile each time */
  readonly rows: number;
  readonly blobs: number;
  readonly blobBytes: number;
};

export type Report = (phase: MovePhase, counts: MoveCounts) => void;

/** Cannot go on, for a reason that a person must know. */
export class MoveError extends Error {
  override readonly name = 'MoveError';
}
