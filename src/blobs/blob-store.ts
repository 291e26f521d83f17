// The blob port: immutable byte strings under random ids. A blob becomes visible to readers only by a metadata
// commit that names it. Adapters: files.ts (one machine), rados.ts (many). Both throw StoreFullError and
// StoreUnavailableError of the metadata port for "no room" and "cannot be reached".
import type { BlobId } from '../shared/ids.ts';

/** A storage class of the first region is a pool (`STANDARD`), as is one of another (`HCM04-STANDARD`): config/pools.ts. */
export type PoolName = string;

export type BlobRange = {
  /** first byte, 0-based */
  readonly start: number;
  /** byte after the last */
  readonly end: number;
};

/** A blob being written. Disposing it before `seal` resolved removes what was written. */
export interface StagedBlob extends AsyncDisposable {
  readonly id: BlobId;
  /** Resolves when the store wants more (back-pressure). The chunk must not be changed afterwards. */
  write(chunk: Uint8Array): Promise<void>;
  /** Resolves with the size in bytes when every byte and the blob's directory entry are on disk. */
  seal(): Promise<number>;
}

export interface BlobStore extends AsyncDisposable {
  stage(id: BlobId, pool: PoolName): Promise<StagedBlob>;
  /**
   * The bytes of `range`, verified against the checksum of each block. Throws BlobCorruptError instead of ever
   * yielding a wrong byte, BlobMissingError when there is no such blob. Opened (and existence checked) before it resolves.
   */
  read(id: BlobId, pool: PoolName, range: BlobRange): Promise<AsyncIterable<Uint8Array>>;
  /** Idempotent: a blob that is not there counts as deleted. */
  delete(id: BlobId, pool: PoolName): Promise<void>;
  ready(): Promise<void>;
}

/** A block does not match its checksum, or the blob is shorter than it was sealed. */
export class BlobCorruptError extends Error {
  override readonly name = 'BlobCorruptError';
}

export class BlobMissingError extends Error {
  override readonly name = 'BlobMissingError';
}
