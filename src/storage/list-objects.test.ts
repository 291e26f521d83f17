import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { prefixRange, tables } from '../metadata/keys.ts';
import { type BucketRecord, currentKey, type ObjectRecord } from '../metadata/tables/objects.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import type { BlobId, VersionId } from '../shared/ids.ts';
import { type ListOptions, listObjects, type ObjectListing } from './list-objects.ts';
import type { StorageDeps } from './storage-deps.ts';
import { type Fixture, openFixture } from '../../test/support/storage-fixture.ts';

let fixture: Fixture;
before(async () => {
  fixture = await openFixture();
});
after(async () => fixture[Symbol.asyncDispose]());

const emptyObject: ObjectRecord = {
  v: 1,
  versionId: 'null' as VersionId,
  sizeBytes: 0,
  etag: 'e',
  lastModified: 0,
  storageClass: 'STANDARD',
  system: {},
  user: {},
  checksum: null,
  body: { kind: 'inline', blobId: '' as BlobId },
};
const record = encodeRecord(emptyObject);

/** Replaces everything in the bucket by objects of these keys. */
async function setKeys({ deps, bucket }: Fixture, keys: readonly string[]): Promise<void> {
  await deps.store.transact(async (transaction) => {
    for (const { key } of await transaction.range({ ...prefixRange(tables.current), limit: 1_000_000 }))
      transaction.delete(key);
    for (const key of keys) transaction.put(currentKey(bucket.bucketId, key), record);
  });
}

const names = (listing: ObjectListing): string[] =>
  listing.entries.map((entry) => (entry.kind === 'object' ? entry.key : `P:${entry.prefix}`));

const defaults: ListOptions = { prefix: '', delimiter: null, startAfter: null, maxKeys: 1000 };

async function list(options: Partial<ListOptions>): Promise<ObjectListing> {
  return listObjects(fixture.deps, fixture.bucket, { ...defaults, ...options });
}

async function allPages(deps: StorageDeps, bucket: BucketRecord, options: ListOptions): Promise<string[]> {
  const found: string[] = [];
  let startAfter = options.startAfter;
  let mode: { prefixOfStartAfter?: 'skip' | 'show' } =
    options.prefixOfStartAfter === undefined ? {} : { prefixOfStartAfter: options.prefixOfStartAfter };
  for (;;) {
    const { prefixOfStartAfter: _, ...rest } = options;
    const page = await listObjects(deps, bucket, { ...rest, ...mode, startAfter });
    assert.ok(page.entries.length <= options.maxKeys);
    assert.equal(page.truncated, page.next !== null);
    if (page.truncated) assert.equal(page.entries.length, options.maxKeys);
    found.push(...names(page));
    if (page.next === null) return found;
    startAfter = page.next;
    mode = {};
  }
}

/** The slow, obvious listing. */
function expected(keys: readonly string[], options: ListOptions): string[] {
  const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');
  const sorted = [...new Set(keys)].sort((a, b) => Buffer.compare(bytes(a), bytes(b)));
  const { prefix, delimiter, startAfter } = options;
  const out: string[] = [];
  for (const key of sorted) {
    if (!key.startsWith(prefix)) continue;
    if (startAfter !== null && Buffer.compare(bytes(key), bytes(startAfter)) <= 0) continue;
    const at = delimiter === null ? -1 : key.indexOf(delimiter, prefix.length);
    const common = delimiter === null || at < 0 ? null : key.slice(0, at + delimiter.length);
    if (common !== null && options.prefixOfStartAfter !== 'show' && startAfter?.startsWith(common) === true) continue;
    const name = common === null ? key : `P:${common}`;
    if (out.at(-1) !== name) out.push(name);
  }
  return out;
}

const piece = fc.constantFrom(
  'a',
  'b',
  '/',
  '//',
  '-',
  'ab',
  'é',
  '\u{1F600}',
  '\u{FFFD}',
  '\uFF5E',
  '\u0000',
  '\u007f',
  ' ',
  '.',
  '..',
  '~',
);
const text = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(''));
const anyText = fc.oneof({ weight: 4, arbitrary: text }, fc.string({ unit: 'binary', maxLength: 6 }));

test('every listing, page by page, is the sorted array', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        anyText.filter((key) => key !== ''),
        { maxLength: 60 },
      ),
      fc.array(
        fc.record({
          prefix: fc.oneof({ weight: 2, arbitrary: fc.constant('') }, anyText),
          delimiter: fc.option(anyText.filter((delimiter) => delimiter !== '')),
          startAfter: fc.option(anyText),
          prefixOfStartAfter: fc.constantFrom('skip' as const, 'show' as const),
          maxKeys: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 100 })),
        }),
        { minLength: 1, maxLength: 6 },
      ),
      async (keys, listings) => {
        await setKeys(fixture, keys);
        for (const options of listings) {
          assert.deepEqual(await allPages(fixture.deps, fixture.bucket, options), expected(keys, options));
        }
      },
    ),
    { numRuns: 150 },
  );
});

test('folders of one key and of very many, with objects between them, are listed whole and in order', async () => {
  const keys: string[] = [];
  for (let folder = 0; folder < 120; folder++) {
    const name = `folder-${String(folder).padStart(3, '0')}`;
    const size = folder % 7 === 3 || (folder > 40 && folder < 80) ? 60 : 1;
    for (let n = 0; n < size; n++) keys.push(`${name}/${String(n).padStart(3, '0')}`);
    const beside = folder % 11 === 0 ? folder % 5 : 0;
    for (let n = 0; n < beside; n++) keys.push(`${name}-object-${n}`);
  }
  await setKeys(fixture, keys);
  for (const maxKeys of [1000, 50, 7, 1]) {
    const options = { ...defaults, delimiter: '/', maxKeys };
    assert.deepEqual(await allPages(fixture.deps, fixture.bucket, options), expected(keys, options));
  }
});

test('keys are in the order of their bytes, not of UTF-16', async () => {
  await setKeys(fixture, ['\u{1F600}', '\uFF5E', 'z', 'Z', 'é']);
  assert.deepEqual(names(await list({})), ['Z', 'z', 'é', '\uFF5E', '\u{1F600}']);
});

test('a key and keys below it are listed side by side', async () => {
  await setKeys(fixture, ['a/b', 'a/b/c', 'a/b/d', 'a', 'a/']);
  assert.deepEqual(names(await list({})), ['a', 'a/', 'a/b', 'a/b/c', 'a/b/d']);
  assert.deepEqual(names(await list({ delimiter: '/' })), ['a', 'P:a/']);
  assert.deepEqual(names(await list({ delimiter: '/', prefix: 'a/' })), ['a/', 'a/b', 'P:a/b/']);
});

test('common prefixes count as entries, each is listed once across pages', async () => {
  await setKeys(fixture, ['boo/bar', 'boo/baz/xyzzy', 'cquux/thud', 'cquux/bla', 'asdf', 'boo/1']);
  const first = await list({ delimiter: '/', maxKeys: 2 });
  assert.deepEqual([names(first), first.next], [['asdf', 'P:boo/'], 'boo/']);
  const second = await list({ delimiter: '/', maxKeys: 2, startAfter: 'boo/' });
  assert.deepEqual([names(second), second.truncated, second.next], [['P:cquux/'], false, null]);
});

test('starting after a key inside a common prefix shows or skips it', async () => {
  await setKeys(fixture, ['a/1', 'a/2', 'b']);
  const options = { delimiter: '/', startAfter: 'a/1' };
  assert.deepEqual(names(await list({ ...options, prefixOfStartAfter: 'show' })), ['P:a/', 'b']);
  assert.deepEqual(names(await list(options)), ['b']);
});

test('asking for nothing gives nothing and is not truncated', async () => {
  await setKeys(fixture, ['a']);
  assert.deepEqual(await list({ maxKeys: 0 }), { entries: [], truncated: false, next: null });
});

test('the cost of a delimiter listing is that of its entries, not of the keys below them', async () => {
  const cost = async (keysPerPrefix: number): Promise<number> => {
    const keys = Array.from({ length: 20 * keysPerPrefix }, (_, n) => `dir${n % 20}/${String(n).padStart(8, '0')}`);
    await setKeys(fixture, keys);
    let read = 0;
    const counting: StorageDeps = {
      ...fixture.deps,
      store: {
        ...fixture.deps.store,
        read: (fn) =>
          fixture.deps.store.read((snapshot) =>
            fn({
              get: (key) => snapshot.get(key),
              getMany: (keyList) => snapshot.getMany(keyList),
              count: (key) => snapshot.count(key),
              range: async (range) => {
                const entries = await snapshot.range(range);
                read += 1 + entries.length;
                return entries;
              },
            }),
          ),
      },
    };
    const listing = await listObjects(counting, fixture.bucket, { ...defaults, delimiter: '/' });
    assert.equal(listing.entries.length, 20);
    return read;
  };
  const [few, many] = [await cost(10), await cost(1000)];
  assert.ok(many <= few * 2, `${few} and ${many} rows read`);
});
