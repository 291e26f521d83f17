import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type UploadRecord } from '../metadata/tables/objects.ts';
import { listParts, listUploads, type ListUploadsOptions, type UploadListing } from './list-uploads.ts';
import { type Fixture, openFixture } from '../../test/support/storage-fixture.ts';
import { begin, part } from '../../test/support/upload-fixture.ts';

test('ListParts pages by number', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  const upload = await begin(fixture);
  for (const number of [10, 1, 5]) await part(fixture, upload, number, Buffer.from('x'));
  const name = { bucket, key: upload.key, uploadId: upload.uploadId };
  const page = async (partNumberMarker: number, maxParts: number) => {
    const { parts, truncated, next } = await listParts(deps, { ...name, partNumberMarker, maxParts });
    return [parts.map((one) => one.partNumber), truncated, next];
  };
  assert.deepEqual(await page(0, 2), [[1, 5], true, 5]);
  assert.deepEqual(await page(5, 2), [[10], false, null]);
  assert.deepEqual(await page(10, 2), [[], false, null]);
  assert.deepEqual(await page(0, 0), [[], false, null]);
  assert.deepEqual(await page(0, 3), [[1, 5, 10], false, null]);
});

const keys = fc.array(
  fc.constantFrom('a', 'a/', 'a/b', 'a/b/c', 'b', 'é', '\u{1F600}', '\uFF5E', 'a\u0000b', 'a\u0000', '//'),
  { maxLength: 14 },
);

test('ListMultipartUploads, page by page, is all uploads by key and then initiation', async () => {
  const options = fc.record({
    prefix: fc.constantFrom('', 'a', 'a/', 'a\u0000', 'b', 'x'),
    delimiter: fc.constantFrom(null, '/', '\u0000', 'b'),
    maxUploads: fc.integer({ min: 1, max: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(keys, options, async (list, listing) => {
      await using fixture = await openFixture();
      const uploads: UploadRecord[] = [];
      for (const key of list) {
        uploads.push(await begin(fixture, key));
        fixture.pass(1);
      }
      const found = await allUploads(fixture, {
        ...listing,
        bucket: fixture.bucket,
        keyMarker: null,
        uploadIdMarker: null,
      });
      assert.deepEqual(found, expectedUploads(uploads, listing));
    }),
    { numRuns: 40 },
  );
});

async function allUploads({ deps }: Fixture, options: ListUploadsOptions): Promise<string[]> {
  const found: string[] = [];
  for (let markers: UploadListing['next'] = { keyMarker: '', uploadIdMarker: '' }; markers !== null; ) {
    const page: UploadListing = await listUploads(deps, { ...options, ...markers });
    assert.equal(page.truncated, page.next !== null);
    if (page.truncated) assert.equal(page.entries.length, options.maxUploads);
    found.push(...page.entries.map((entry) => (entry.kind === 'prefix' ? `P:${entry.prefix}` : entry.upload.uploadId)));
    markers = page.next;
  }
  return found;
}

function expectedUploads(
  uploads: readonly UploadRecord[],
  { prefix, delimiter }: { prefix: string; delimiter: string | null },
): string[] {
  const sorted = uploads.toSorted(
    (a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)) || a.initiatedAt - b.initiatedAt,
  );
  const out: string[] = [];
  for (const { key, uploadId } of sorted.filter((upload) => upload.key.startsWith(prefix))) {
    const at = delimiter === null ? -1 : key.indexOf(delimiter, prefix.length);
    const name = delimiter === null || at < 0 ? uploadId : `P:${key.slice(0, at + delimiter.length)}`;
    if (out.at(-1) !== name) out.push(name);
  }
  return out;
}
