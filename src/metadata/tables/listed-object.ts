// What a listing shows of an object, read from its row without parsing the rest: a page has a thousand rows, and most of
// each says how its bytes are kept.
import type { Bytes } from '../metadata-store.ts';
import type { Checksum, ChecksumAlgorithm, ObjectRecord } from './objects.ts';
import { decodeRecord } from './record.ts';

export type ListedObject = Pick<
  ObjectRecord,
  'sizeBytes' | 'etag' | 'lastModified' | 'storageClass' | 'ownerCanonicalId'
> & { readonly checksum: Pick<Checksum, 'algorithm' | 'type'> | null };

/** An object of strings without escapes. */
const STRINGS = String.raw`\{(?:"[^"\\]*":"[^"\\]*",?)*\}`;

/** How `encodeRecord` writes nearly every row. Bytes beyond ASCII only stand where they are skipped. */
const USUAL = new RegExp(
  String.raw`^\{"v":1,"sizeBytes":(\d+),"etag":"([0-9a-f-]+)","lastModified":(\d+),"storageClass":"([\w-]+)",` +
    String.raw`"system":${STRINGS},"user":${STRINGS},"checksum":(?:null|\{"algorithm":"(\w+)","type":"(\w+)")`,
);

export function decodeListed(value: Bytes): ListedObject {
  const text = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1');
  const found = USUAL.exec(text);
  if (found === null || text.includes('"ownerCanonicalId":')) return decodeRecord<ObjectRecord>(value);
  const [, sizeBytes, etag = '', lastModified, storageClass = '', algorithm, type] = found;
  return {
    sizeBytes: Number(sizeBytes),
    etag,
    lastModified: Number(lastModified),
    storageClass,
    checksum:
      algorithm === undefined
        ? null
        : { algorithm: algorithm as ChecksumAlgorithm, type: type === 'COMPOSITE' ? 'COMPOSITE' : 'FULL_OBJECT' },
  };
}
