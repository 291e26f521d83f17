// MinIO Client (mc): path style on a host that is not Amazon's, UNSIGNED-PAYLOAD over TLS, probing before each command.
// https://github.com/minio/mc, https://github.com/minio/minio-go
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentOf } from '../faults/history.ts';
import { startReplay, uploadInParts, valuesOf } from './replay.ts';

const MIB = 1024 * 1024;
const agent = { 'user-agent': 'MinIO (linux; amd64) minio-go/v7.0.90 mc/RELEASE', 'accept-encoding': 'zstd,gzip' };

test('the requests of the MinIO Client are answered as it expects', { timeout: 120_000 }, async (t) => {
  const replay = await startReplay(t, agent);
  const { send } = replay;
  const content = contentOf('mc', 20 * MIB);

  await t.test(
    'alias set: asks for the region of a bucket that is not there, without a region of its own',
    async () => {
      const reply = await send(404, {
        path: '/probe-bsign-4fn2x7z0q1/',
        query: 'location=',
        credentials: { region: 'us-east-1' },
      });
      assert.equal(reply.code, 'NoSuchBucket');
    },
  );
  await t.test('mb: makes a bucket in the region, with an unsigned body', async () => {
    const body =
      '<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>HAN02</LocationConstraint></CreateBucketConfiguration>';
    await send(200, { method: 'PUT', path: '/mc-bucket/', body });
    const location = await send(200, { path: '/mc-bucket/', query: 'location=' });
    assert.deepEqual(location.body.toString().match(/>HAN02</)?.[0], '>HAN02<');
  });
  await t.test('ls: lists buckets, then objects with the listing it falls back to', async () => {
    assert.deepEqual(valuesOf(await send(200, { path: '/' }), 'Name'), ['mc-bucket']);
    await send(200, {
      path: '/mc-bucket/',
      query: 'delimiter=%2F&encoding-type=url&fetch-owner=true&list-type=2&max-keys=1&prefix=',
    });
    await send(200, {
      path: '/mc-bucket/',
      query: 'delimiter=%2F&encoding-type=url&fetch-owner=true&list-type=2&metadata=true&prefix=',
    });
  });
  await t.test('cp: probes the target, puts a small file, stats it', async () => {
    await send(404, { path: '/mc-bucket/', query: 'object-lock=' });
    await send(404, { method: 'HEAD', path: '/mc-bucket/a/small.txt', headers: { 'x-amz-checksum-mode': 'ENABLED' } });
    await send(200, {
      method: 'PUT',
      path: '/mc-bucket/a/small.txt',
      payload: 'unsigned',
      body: 'hi\n',
      headers: { 'content-type': 'text/plain' },
    });
    await send(200, { method: 'HEAD', path: '/mc-bucket/a/small.txt', headers: { 'x-amz-checksum-mode': 'ENABLED' } });
  });
  await t.test('cp of a large file: parts in signed chunks with a CRC32C trailer', async () => {
    const parts = [content.subarray(0, 16 * MIB), content.subarray(16 * MIB)];
    await uploadInParts(replay, '/mc-bucket/big.bin', parts, () => ({
      payload: 'chunked-signed-trailer',
      checksum: 'CRC32C',
    }));
    const reply = await send(200, { path: '/mc-bucket/big.bin' });
    assert.equal(Buffer.compare(reply.body, content), 0);
  });
  await t.test('cp on the server, cat with a range, share', async () => {
    const headers = {
      'x-amz-copy-source': 'mc-bucket/big.bin',
      'x-amz-metadata-directive': 'REPLACE',
      'content-type': 'application/octet-stream',
    };
    await send(200, { method: 'PUT', path: '/mc-bucket/copy.bin', payload: 'unsigned', headers });
    const range = await send(206, { path: '/mc-bucket/copy.bin', headers: { range: 'bytes=100-199' } });
    assert.equal(Buffer.compare(range.body, content.subarray(100, 200)), 0);
    await send(200, { path: '/mc-bucket/a/small.txt', auth: 'presigned', expiresSeconds: 604_800 });
  });
  await t.test('stat of a bucket: asks for every configuration', async () => {
    await send(200, { path: '/mc-bucket/', query: 'versioning=' });
    await send(200, { path: '/mc-bucket/', query: 'notification=' });
    await send(200, { path: '/mc-bucket/', query: 'encryption=' });
    for (const unset of ['lifecycle', 'policy', 'replication', 'tagging', 'object-lock']) {
      const reply = await send(404, { path: '/mc-bucket/', query: `${unset}=` });
      assert.match(reply.code ?? '', /NotFoundError$|^NoSuch/);
    }
  });
  await t.test('rm and rb: deletes in bulk with a body hash instead of Content-MD5', async () => {
    const keys = ['a/small.txt', 'big.bin', 'copy.bin'];
    const body = `<Delete><Quiet>true</Quiet>${keys.map((key) => `<Object><Key>${key}</Key></Object>`).join('')}</Delete>`;
    await send(200, { method: 'POST', path: '/mc-bucket/', query: 'delete=', body, checksum: 'CRC32C' });
    assert.deepEqual(valuesOf(await send(200, { path: '/mc-bucket/', query: 'list-type=2' }), 'Key'), []);
    await send(204, { method: 'DELETE', path: '/mc-bucket/' });
  });
});
