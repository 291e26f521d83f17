// What the operations of multipart uploads read and show alike.
import type { PartRecord, UploadRecord } from '../metadata/tables/objects.ts';
import type { S3Error } from '../shared/errors.ts';
import type { ObjectKey } from '../shared/ids.ts';
import type { S3Request } from './operation.ts';
import { findCount, invalidArgument } from './parameters.ts';
import { requireKey } from './require.ts';
import { element } from './xml/write.ts';

export const MAX_PARTS = 10_000;

/** The storage tells an upload id that exists from one that does not, whatever it looks like. */
export function parseUploadName(request: S3Request): { readonly key: ObjectKey; readonly uploadId: string } {
  return { key: requireKey(request), uploadId: request.query.get('uploadId') ?? '' };
}

export function parsePartNumber(request: S3Request): number {
  const partNumber = findPartNumber(request);
  if (partNumber !== null) return partNumber;
  throw badPartNumber('');
}

/** null: none is named. Errors: InvalidArgument. */
export function findPartNumber(request: S3Request): number | null {
  const text = request.query.get('partNumber') ?? '';
  if (text === '') return null;
  const partNumber = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (partNumber >= 1 && partNumber <= MAX_PARTS) return partNumber;
  throw badPartNumber(text);
}

function badPartNumber(text: string): S3Error {
  return invalidArgument('partNumber', text, `Part number must be an integer between 1 and ${MAX_PARTS}, inclusive`);
}

/** `max-parts` and `max-uploads`: S3 clamps them to 1,000. */
export function parsePageSize(request: S3Request, name: 'max-parts' | 'max-uploads'): number {
  return Math.min(1000, findCount(request, name, { min: 0, max: 2 ** 31 - 1 }) ?? 1000);
}

export function partChecksumElement({ checksum }: Pick<PartRecord, 'checksum'>): string {
  return checksum === null ? '' : element(`Checksum${checksum.algorithm}`, checksum.value);
}

export function uploadChecksumElements(upload: UploadRecord): string {
  return element('ChecksumAlgorithm', upload.checksumAlgorithm) + element('ChecksumType', upload.checksumType);
}

export function initiatorXml({ initiator }: UploadRecord): string {
  return `<Initiator>${element('ID', initiator.id)}${element('DisplayName', initiator.displayName)}</Initiator>`;
}
