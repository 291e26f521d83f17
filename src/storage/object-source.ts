// Where the bytes of a new object or part come from: a request's body, or an object being copied.
import type { Checksum, ChecksumAlgorithm } from '../metadata/tables/objects.ts';

export type ObjectSource = {
  /** decoded length in bytes when it is known before reading */
  readonly sizeBytes: number | null;
  /** Read once. Throws when what was read must not be stored (S3Error IncompleteBody, BadDigest …). */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** All of them at once and held to the same, when they are there already; null: nothing was read, iterate. */
  readonly whole?: () => Uint8Array | null;
  /** the checksum a client sends along, known before reading; null or absent: none */
  readonly announcedChecksum?: ChecksumAlgorithm | null;
  /** Also compute this checksum while reading; must be called before reading. */
  readonly require: (algorithm: ChecksumAlgorithm) => void;
  /** After `chunks` ended. `checksum` is of `require`d or announced algorithm. */
  readonly digests: () => { readonly md5Hex: string; readonly checksum: Checksum | null };
};
