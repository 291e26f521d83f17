// Checksums as headers and XML elements show them.
import type { Checksum, ChecksumAlgorithm } from '../metadata/tables/objects.ts';
import { checksumNames } from '../shared/checksums.ts';
import { S3Error } from '../shared/errors.ts';
import type { S3Request } from './operation.ts';
import { findHeader } from './parameters.ts';
import { element } from './xml/write.ts';

export const CHECKSUM_ALGORITHMS: readonly ChecksumAlgorithm[] = checksumNames;

const headerName = (algorithm: ChecksumAlgorithm): string => `x-amz-checksum-${algorithm.toLowerCase()}`;

export function checksumHeaders(checksum: Checksum | null): Record<string, string> {
  if (checksum === null) return {};
  return { [headerName(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type };
}

/** A part's checksum has no type of its own in S3's answers. */
export function partChecksumHeaders(checksum: Checksum | null): Record<string, string> {
  return checksum === null ? {} : { [headerName(checksum.algorithm)]: checksum.value };
}

export function checksumElements(checksum: Checksum | null): string {
  if (checksum === null) return '';
  return element(`Checksum${checksum.algorithm}`, checksum.value) + element('ChecksumType', checksum.type);
}

export function parseAlgorithm(text: string): ChecksumAlgorithm {
  const found = CHECKSUM_ALGORITHMS.find((algorithm) => algorithm === text.toUpperCase());
  if (found === undefined) {
    throw new S3Error('InvalidRequest', {
      message: `Checksum algorithm provided is unsupported. Please try again with any of the valid types: [${CHECKSUM_ALGORITHMS.toSorted().join(', ')}]`,
    });
  }
  return found;
}

/** The algorithm a copy or a multipart upload asks for. */
export function findRequestedAlgorithm(request: S3Request): ChecksumAlgorithm | null {
  const text = findHeader(request, 'x-amz-checksum-algorithm');
  return text === undefined ? null : parseAlgorithm(text);
}

export function findChecksumType(request: S3Request): Checksum['type'] | null {
  const text = findHeader(request, 'x-amz-checksum-type');
  if (text === undefined) return null;
  const type = text.toUpperCase();
  if (type === 'FULL_OBJECT' || type === 'COMPOSITE') return type;
  throw invalidHeader('x-amz-checksum-type');
}

/** The checksum given in headers for a whole multipart object (CompleteMultipartUpload). */
export function findObjectChecksum(request: S3Request): { algorithm: ChecksumAlgorithm; value: string } | null {
  const given = CHECKSUM_ALGORITHMS.flatMap((algorithm) => {
    const value = request.headers.get(headerName(algorithm));
    return value === undefined ? [] : [{ algorithm, value }];
  });
  if (given.length > 1) {
    throw new S3Error('InvalidRequest', {
      message: 'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    });
  }
  return given[0] ?? null;
}

const invalidHeader = (name: string): S3Error =>
  new S3Error('InvalidRequest', { message: `Value for ${name} header is invalid.` });

export function wantsChecksum(request: S3Request): boolean {
  return findHeader(request, 'x-amz-checksum-mode')?.toUpperCase() === 'ENABLED';
}
