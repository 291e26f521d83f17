// Which bytes of an object a GET or HEAD is about: all of them, a range, or one part of a multipart upload.
import type { ObjectRecord } from '../metadata/tables/objects.ts';
import { S3Error } from '../shared/errors.ts';
import type { ByteRange } from '../storage/ranges.ts';
import { parseRange } from '../storage/ranges.ts';
import { findPart } from '../storage/read-object.ts';
import type { StorageDeps } from '../storage/storage-deps.ts';
import { partChecksumHeaders } from './checksum-headers.ts';

/** At most one of range and partNumber is given. */
export type SliceChoice = {
  readonly range: string | null;
  readonly partNumber: number | null;
  readonly withChecksum: boolean;
};

export type Slice = {
  readonly start: number;
  /** byte after the last */
  readonly end: number;
  readonly partial: boolean;
  readonly headers: Readonly<Record<string, string>>;
};

function whole(object: ObjectRecord): Slice {
  return { start: 0, end: object.sizeBytes, partial: false, headers: {} };
}

function part(object: ObjectRecord, { start, end }: ByteRange, headers: Readonly<Record<string, string>> = {}): Slice {
  const range = `bytes ${start}-${end - 1}/${object.sizeBytes}`;
  return { start, end, partial: true, headers: { 'content-range': range, ...headers } };
}

function unsatisfiable(header: string, sizeBytes: number): S3Error {
  return new S3Error('InvalidRange', {
    fields: { RangeRequested: header, ActualObjectSize: String(sizeBytes) },
    headers: { 'content-range': `bytes */${sizeBytes}` },
  });
}

async function slicePart(
  deps: StorageDeps,
  object: ObjectRecord,
  input: SliceChoice & { readonly partNumber: number },
): Promise<Slice> {
  const { partNumber } = input;
  const found = await findPart(deps, object, partNumber);
  if (found === undefined) {
    throw new S3Error('InvalidPartNumber', {
      fields: {
        PartNumberRequested: String(partNumber),
        ActualPartCount: object.body.kind === 'parts' ? String(object.body.partCount) : '1',
      },
    });
  }
  if (object.sizeBytes === 0) return whole(object);
  const count: Record<string, string> =
    found.partsCount === null ? {} : { 'x-amz-mp-parts-count': String(found.partsCount) };
  if (!input.withChecksum || found.checksum === null) return part(object, found, count);
  // the checksum is the part's, its type says how that of the object is made of it
  const type = object.checksum?.type ?? found.checksum.type;
  return part(object, found, { ...count, ...partChecksumHeaders(found.checksum), 'x-amz-checksum-type': type });
}

export async function chooseSlice(deps: StorageDeps, object: ObjectRecord, input: SliceChoice): Promise<Slice> {
  const { partNumber } = input;
  return partNumber === null ? sliceOf(object, input) : slicePart(deps, object, { ...input, partNumber });
}

/** Where no part is named, and nothing need be asked. */
export function sliceOf(object: ObjectRecord, input: Pick<SliceChoice, 'range'>): Slice {
  if (input.range === null) return whole(object);
  const range = parseRange(input.range, object.sizeBytes);
  if (range === 'whole') return whole(object);
  if (range === 'unsatisfiable') throw unsatisfiable(input.range, object.sizeBytes);
  return part(object, range);
}
