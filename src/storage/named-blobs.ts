// Which blobs a row of the metadata store names: what a backup copies, a move carries over and a scrub reads.
import { sealedSize } from '../encryption/body-cipher.ts';
import { tables } from '../metadata/keys.ts';
import type { Bytes } from '../metadata/metadata-store.ts';
import type { ObjectBody, PartListRow, PartRecord, VersionRecord } from '../metadata/tables/objects.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import type { BlobId } from '../shared/ids.ts';

export type NamedBlob = {
  readonly blobId: BlobId;
  readonly pool: string;
  /** as it lies in the blob store: encryption makes it longer than the object */
  readonly storedBytes: number;
};

export function blobsNamedBy(key: Bytes, value: Bytes): NamedBlob[] {
  switch (key[0]) {
    case tables.current:
    case tables.version: {
      const record = decodeRecord<VersionRecord>(value);
      return 'deleteMarker' in record ? [] : blobOf(record.body, record.sizeBytes);
    }
    case tables.part: {
      const { body, sizeBytes } = decodeRecord<PartRecord>(value);
      return blobOf(body, sizeBytes);
    }
    case tables.partList:
      // row 0 is the index
      return (decodeRecord<Partial<PartListRow> & { v: number }>(value).parts ?? []).flatMap((part) =>
        blobOf(part.body, part.sizeBytes),
      );
    default:
      return [];
  }
}

function blobOf(body: ObjectBody, sizeBytes: number): NamedBlob[] {
  if (body.kind !== 'blob') return [];
  const storedBytes = body.cipher === undefined ? sizeBytes : sealedSize(sizeBytes);
  return [{ blobId: body.blobId, pool: body.pool, storedBytes }];
}
