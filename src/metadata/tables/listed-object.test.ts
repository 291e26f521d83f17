import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BlobId, VersionId } from '../../shared/ids.ts';
import { decodeListed } from './listed-object.ts';
import type { ObjectRecord } from './objects.ts';
import { decodeRecord, encodeRecord } from './record.ts';

const plain: ObjectRecord = {
  v: 1,
  sizeBytes: 5 * 2 ** 40,
  etag: '3b5d3c7d207e37dceeedd301e35e2e58',
  lastModified: 1_795_467_445_684,
  storageClass: 'STANDARD',
  system: {},
  user: {},
  checksum: null,
  body: { kind: 'inline', blobId: '01' as BlobId },
  versionId: 'null' as VersionId,
};

const rows: Record<string, ObjectRecord> = {
  'a plain row': plain,
  'a checksum': { ...plain, checksum: { algorithm: 'CRC64NVME', type: 'FULL_OBJECT', value: 'NkVHYFnZ6tY=' } },
  'a composite checksum': {
    ...plain,
    etag: 'ab-3',
    checksum: { algorithm: 'SHA256', type: 'COMPOSITE', value: 'x-3' },
  },
  'headers and metadata': {
    ...plain,
    system: { contentType: 'text/html', cacheControl: 'no-cache' },
    user: { a: 'ü', b: '{"checksum":{' },
  },
  'metadata that looks like the rest of a row': {
    ...plain,
    user: { a: '","checksum":{"algorithm":"MD5","type":"COMPOSITE"' },
    checksum: { algorithm: 'SHA1', type: 'FULL_OBJECT', value: 'x' },
  },
  'metadata that ends in a backslash': { ...plain, user: { a: '\\', b: '"},"checksum":null' } },
  'an owner of its own': { ...plain, ownerCanonicalId: 'c'.repeat(64) },
  'a storage class with dots': { ...plain, storageClass: 'FAST.1' },
  'fields in another order': Object.assign({ storageClass: '' }, plain),
};

for (const [name, record] of Object.entries(rows)) {
  test(`shows of ${name} what parsing all of it shows`, () => {
    const listed = decodeListed(encodeRecord(record));
    const { sizeBytes, etag, lastModified, storageClass, ownerCanonicalId, checksum } = decodeRecord<ObjectRecord>(
      encodeRecord(record),
    );
    assert.deepEqual(
      { ...listed, checksum: listed.checksum && [listed.checksum.algorithm, listed.checksum.type] },
      {
        ...('body' in listed ? record : {}),
        sizeBytes,
        etag,
        lastModified,
        storageClass,
        ...(ownerCanonicalId === undefined ? {} : { ownerCanonicalId }),
        checksum: checksum && [checksum.algorithm, checksum.type],
      },
    );
  });
}

test('a usual row is not parsed', () => {
  assert.equal('body' in decodeListed(encodeRecord(plain)), false);
});
