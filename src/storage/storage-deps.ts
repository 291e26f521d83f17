// What every function of the storage domain works on.
import type { BlobStore, PoolName } from '../blobs/blob-store.ts';
import type { KeyRing } from '../encryption/key-ring.ts';
import type { MetadataStore, Transaction } from '../metadata/metadata-store.ts';
import type { Clock } from '../shared/clock.ts';
import type { Region } from '../shared/ids.ts';
import type { Announce } from './changes.ts';

export type StorageDeps = {
  readonly store: MetadataStore;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  /** bodies up to this many bytes go into the metadata commit */
  readonly inlineBytes: number;
  readonly region: Region;
  /** where the bytes of a region's storage class go; where they are says the record of each object */
  readonly poolOf: (region: string, storageClass: string) => PoolName;
  /** what the data keys of encrypted objects are wrapped under */
  readonly keyRing: KeyRing;
  /** told of every change of an object, in the commit that makes it; absent: nobody listens */
  readonly announce?: Announce;
};

/** Asks inside a commit whether the caller's rights still hold; throws S3Error when they are gone. */
export type Guard = (transaction: Transaction) => Promise<void>;
