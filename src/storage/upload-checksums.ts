// Checksums of multipart uploads. https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
// FULL_OBJECT: the CRC of the whole, put together from the CRCs of the parts. COMPOSITE: the checksum of the parts' raw
// checksums, followed by `-` and their number.
import type { Checksum, ChecksumAlgorithm, PartRecord, UploadRecord } from '../metadata/tables/objects.ts';
import { combineChecksums, digestOf } from '../shared/checksums.ts';
import { S3Error } from '../shared/errors.ts';

export type ChecksumType = Checksum['type'];

type UploadChecksum = Pick<UploadRecord, 'checksumAlgorithm' | 'checksumType'>;

type Crc = 'CRC32' | 'CRC32C' | 'CRC64NVME';

const isCrc = (algorithm: ChecksumAlgorithm): algorithm is Crc => algorithm.startsWith('CRC');

/** CRC64NVME has no COMPOSITE, only CRCs have FULL_OBJECT. Throws InvalidRequest. */
export function parseChecksumType(algorithm: ChecksumAlgorithm, asked: ChecksumType | null): ChecksumType {
  const type = asked ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');
  const possible = type === 'FULL_OBJECT' ? isCrc(algorithm) : algorithm !== 'CRC64NVME';
  if (possible) return type;
  throw new S3Error('InvalidRequest', {
    message: `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
  });
}

/** What every part of the upload is checked with. Not chosen at its beginning: CRC64NVME of the whole. */
export const algorithmOf = (upload: UploadChecksum): ChecksumAlgorithm => upload.checksumAlgorithm ?? 'CRC64NVME';

/**
 * A part that comes with a checksum must come with the upload's; where the parts' checksums make the whole's
 * (COMPOSITE), every part that a client sends must come with one. `announced` undefined: a part no client sends.
 * Throws InvalidRequest.
 */
export function checkAnnounced(
  { checksumAlgorithm, checksumType }: UploadChecksum,
  announced: ChecksumAlgorithm | null | undefined,
): void {
  if (checksumAlgorithm === null || announced === undefined || announced === checksumAlgorithm) return;
  if (announced === null && checksumType !== 'COMPOSITE') return;
  const [expected, actual] = [checksumAlgorithm.toLowerCase(), announced?.toLowerCase() ?? 'null'];
  throw new S3Error('InvalidRequest', {
    message: `Checksum Type mismatch occurred, expected checksum Type: ${expected}, actual checksum Type: ${actual}`,
  });
}

/** Null when a part has no checksum of the upload's algorithm. */
export function uploadChecksum(upload: UploadChecksum, parts: readonly PartRecord[]): Checksum | null {
  const algorithm = algorithmOf(upload);
  const type = parseChecksumType(algorithm, upload.checksumType);
  const values = parts.map(({ checksum, sizeBytes }) =>
    checksum?.algorithm === algorithm ? { value: checksum.value, sizeBytes } : null,
  );
  const known = values.filter((value) => value !== null);
  if (known.length !== parts.length || known.length === 0) return null;
  const value = type === 'COMPOSITE' ? composite(algorithm, known) : fullObject(algorithm, known);
  return { algorithm, type, value };
}

type PartValue = { readonly value: string; readonly sizeBytes: number };

function composite(algorithm: ChecksumAlgorithm, parts: readonly PartValue[]): string {
  const digests = Buffer.concat(parts.map(({ value }) => Buffer.from(value, 'base64')));
  return `${digestOf(algorithm, digests).toString('base64')}-${parts.length}`;
}

function fullObject(algorithm: ChecksumAlgorithm, parts: readonly PartValue[]): string {
  if (!isCrc(algorithm)) throw new Error(`${algorithm} cannot be combined`);
  const [first, ...rest] = parts;
  return rest.reduce((sum, part) => combineChecksums(algorithm, sum, part.value, part.sizeBytes), first?.value ?? '');
}
