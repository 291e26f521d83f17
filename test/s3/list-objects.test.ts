// ListObjects and ListObjectsV2.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  ListObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { openTarget } from './s3-target.ts';

const s3 = await openTarget();
after(() => s3[Symbol.asyncDispose]());
const { client, raw } = s3;

const KEYS = [
  'a',
  'a b+c',
  'dir/1',
  'dir/2',
  'dir/sub/1',
  'dir/sub/2',
  'dir2/1',
  'e--x',
  'e--y',
  'z',
  '\uff5e',
  '\u{1f600}',
];
const Bucket = await s3.bucket();

before(async () => {
  for (const Key of KEYS) await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
});

type Page = { keys: string[]; prefixes: string[]; truncated: boolean; next: string | undefined; count: number };

async function v2(input: Omit<ListObjectsV2CommandInput, 'Bucket'>): Promise<Page> {
  const page = await client.send(new ListObjectsV2Command({ Bucket, ...input }));
  return {
    keys: (page.Contents ?? []).map(({ Key = '' }) => Key),
    prefixes: (page.CommonPrefixes ?? []).map(({ Prefix = '' }) => Prefix),
    truncated: page.IsTruncated ?? false,
    next: page.NextContinuationToken,
    count: page.KeyCount ?? -1,
  };
}

test('keys come in the order of their UTF-8 bytes', async () => {
  const { keys } = await v2({});
  assert.deepEqual(
    keys,
    KEYS.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
  );
  assert.deepEqual(keys.slice(-2), ['\uff5e', '\u{1f600}']);
});

test('a delimiter groups keys, and prefixes count', async () => {
  const { keys, prefixes, count } = await v2({ Delimiter: '/' });
  assert.deepEqual(prefixes, ['dir/', 'dir2/']);
  assert.equal(count, keys.length + 2);
  assert.deepEqual((await v2({ Delimiter: '/', Prefix: 'dir/' })).prefixes, ['dir/sub/']);
  assert.deepEqual((await v2({ Delimiter: '/', Prefix: 'dir/' })).keys, ['dir/1', 'dir/2']);
  assert.deepEqual((await v2({ Delimiter: '--' })).prefixes, ['e--']);
  assert.deepEqual((await v2({ Prefix: 'none/' })).keys, []);
});

test('pages of any size give every entry once', async () => {
  for (const Delimiter of [undefined, '/', '--', 'i']) {
    const whole = await v2({ Delimiter });
    for (const MaxKeys of [1, 2, 3, 5]) {
      const seen: string[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await v2({ Delimiter, MaxKeys, ContinuationToken });
        assert.ok(page.count <= MaxKeys);
        assert.equal(page.truncated, page.next !== undefined);
        seen.push(...page.keys, ...page.prefixes);
        ContinuationToken = page.next;
      } while (ContinuationToken !== undefined);
      assert.deepEqual(seen.toSorted(), [...whole.keys, ...whole.prefixes].toSorted(), `${Delimiter} ${MaxKeys}`);
    }
  }
});

test('start-after skips what is not after it', async () => {
  assert.deepEqual((await v2({ StartAfter: 'dir2/1' })).keys.slice(0, 2), ['e--x', 'e--y']);
  assert.deepEqual((await v2({ StartAfter: 'dir/1', Prefix: 'dir/' })).keys, ['dir/2', 'dir/sub/1', 'dir/sub/2']);
  assert.deepEqual((await v2({ StartAfter: 'zzz', Prefix: 'dir/' })).keys, []);
});

// checklist 29
test('a place inside a common prefix shows that prefix again, and a marker equal to one goes on after it', async () => {
  assert.deepEqual((await v2({ StartAfter: 'dir/1', Delimiter: '/' })).prefixes, ['dir/', 'dir2/']);
  assert.deepEqual((await v2({ StartAfter: 'dir/sub/2', Delimiter: '/' })).prefixes, ['dir2/']);
  const onwards = await client.send(new ListObjectsCommand({ Bucket, Delimiter: '/', Marker: 'dir/' }));
  assert.deepEqual(
    onwards.CommonPrefixes?.map(({ Prefix }) => Prefix),
    ['dir2/'],
  );
  assert.deepEqual((await v2({ StartAfter: 'e--', Delimiter: '--' })).prefixes, ['e--']);
});

test('max-keys: 0 is an empty page, more than 1,000 is 1,000, nonsense is InvalidArgument', async () => {
  for (const type of ['', '2']) {
    const list = (maxKeys: string) =>
      raw({ path: `/${Bucket}`, query: { ...(type === '' ? {} : { 'list-type': type }), 'max-keys': maxKeys } });
    const none = await list('0');
    assert.deepEqual([none.field('IsTruncated'), none.field('Key')], ['false', null]);
    assert.equal((await list('5000')).field('MaxKeys'), '1000');
    for (const value of ['-1', 'x', '1.5', '99999999999']) {
      const reply = await list(value);
      assert.deepEqual([reply.status, reply.code], [400, 'InvalidArgument'], value);
    }
  }
});

test('V1 pages by NextMarker with a delimiter and by the last key without', async () => {
  const first = await client.send(new ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 3 }));
  assert.deepEqual([first.IsTruncated, first.NextMarker], [true, 'dir/']);
  const second = await client.send(new ListObjectsCommand({ Bucket, Delimiter: '/', Marker: first.NextMarker }));
  assert.deepEqual(
    second.CommonPrefixes?.map(({ Prefix }) => Prefix),
    ['dir2/'],
  );
  assert.equal(second.Marker, 'dir/');
  const plain = await raw({ path: `/${Bucket}`, query: { 'max-keys': '2' } });
  assert.deepEqual([plain.field('IsTruncated'), plain.field('NextMarker')], ['true', null]);
});

test('URL encoding covers keys, prefixes, delimiters and markers, never tokens', async () => {
  const query = { 'encoding-type': 'url', prefix: 'a ', delimiter: '+' };
  const v1 = await raw({ path: `/${Bucket}`, query: { ...query, marker: 'a  ' } });
  assert.deepEqual(
    ['Prefix', 'Delimiter', 'Marker', 'EncodingType'].map((name) => v1.field(name)),
    ['a+', '%2B', 'a++', 'url'],
  );
  assert.match(v1.text, /<CommonPrefixes><Prefix>a\+b%2B<\/Prefix>/);
  const keys = await raw({
    path: `/${Bucket}`,
    query: { 'list-type': '2', 'encoding-type': 'url', 'start-after': 'a ', 'max-keys': '1' },
  });
  assert.deepEqual([keys.field('Key'), keys.field('StartAfter')], ['a+b%2Bc', 'a+']);
  const token = keys.field('NextContinuationToken') ?? '';
  const next = await raw({
    path: `/${Bucket}`,
    query: { 'list-type': '2', 'encoding-type': 'url', 'continuation-token': token },
  });
  assert.equal(next.field('ContinuationToken'), token);
  const unknown = await raw({ path: `/${Bucket}`, query: { 'encoding-type': 'base64' } });
  assert.deepEqual([unknown.status, unknown.code], [400, 'InvalidArgument']);
});

test('V2 has owners only when asked, V1 always', async () => {
  const owners = async (query: Record<string, string>) =>
    (await raw({ path: `/${Bucket}`, query })).text.split('<Owner>').length - 1;
  assert.equal(await owners({ 'list-type': '2' }), 0);
  assert.equal(await owners({ 'list-type': '2', 'fetch-owner': 'true' }), KEYS.length);
  assert.equal(await owners({}), KEYS.length);
});

// checklist 30
test('an empty or made-up token is InvalidArgument', async () => {
  for (const query of [
    { 'list-type': '2', 'continuation-token': '' },
    { 'list-type': '2', 'continuation-token': 'made up' },
  ]) {
    const reply = await raw({ path: `/${Bucket}`, query });
    assert.deepEqual([reply.status, reply.code], [400, 'InvalidArgument'], JSON.stringify(query));
  }
});

test('any other list type than 2 is the first', async () => {
  for (const type of ['', '0', '1', '3', 'x']) {
    const { status, text } = await raw({ path: `/${Bucket}`, query: { 'list-type': type } });
    assert.equal(status, 200);
    assert.ok(text.includes('<Marker></Marker>') && !text.includes('<KeyCount>'), type);
  }
});

test('an entry shows etag, size, class, checksum and the time that HEAD shows', async () => {
  const { Contents } = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'z' }));
  const [entry] = Contents ?? [];
  const head = await raw({ method: 'HEAD', path: `/${Bucket}/z` });
  assert.deepEqual([entry?.Size, entry?.StorageClass, entry?.ETag], [1, 'STANDARD', head.headers.etag]);
  assert.equal(entry?.LastModified?.toUTCString(), head.headers['last-modified']);
  assert.equal(entry?.ChecksumAlgorithm?.length, 1);
});

test('listing a bucket that is not there is NoSuchBucket', async () => {
  const reply = await raw({ path: '/no-such-bucket-here' });
  assert.deepEqual([reply.status, reply.code, reply.field('BucketName')], [404, 'NoSuchBucket', 'no-such-bucket-here']);
});
