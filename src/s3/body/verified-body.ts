// A request body that cannot be read unverified: what it yields has been counted, decoded and hashed, and the
// iteration throws S3Error before its end when the signature, SHA-256, MD5, checksum or length does not match.
import type { Checksum, ChecksumAlgorithm } from '../../metadata/tables/objects.ts';
import type { ObjectSource } from '../../storage/object-source.ts';

export type VerifiedBody = ObjectSource & {
  /** The checksum the client announced (header or trailer name), before any byte was read; null for none. */
  readonly announcedChecksum: ChecksumAlgorithm | null;
  /** Reads the whole body, at most `maxBytes` (then MaxMessageLengthExceeded). */
  readonly bytes: (maxBytes: number) => Promise<Uint8Array>;
};

export type { Checksum };
