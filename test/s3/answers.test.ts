// The form of answers, whatever they are about: errors, results, HEAD.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { rawS3 } from '../support/raw-s3.ts';
import { type KeyPair, openTarget } from './s3-target.ts';

const s3 = await openTarget();
after(() => s3[Symbol.asyncDispose]());
const { raw } = s3;
const bucket = await s3.bucket();

// checklist 55
test('an error is <Error> without a namespace, and names resource, request and host', async () => {
  const reply = await raw({ path: `/${bucket}/a%20b%26c` });
  assert.equal(reply.headers['content-type'], 'application/xml');
  assert.match(reply.text, /^<\?xml version="1.0" encoding="UTF-8"\?>\n<Error><Code>NoSuchKey<\/Code><Message>/);
  assert.equal(reply.field('Key'), 'a b&c');
  assert.equal(reply.field('Resource'), `/${bucket}/a%20b%26c`);
  assert.equal(reply.field('RequestId'), reply.headers['x-amz-request-id']);
  assert.equal(reply.field('HostId'), reply.headers['x-amz-id-2']);
});

// checklist 55
test('results carry the namespace of 2006-03-01, and requests are read with it or without', async () => {
  const listing = await raw({ path: `/${bucket}` });
  assert.ok(listing.text.includes('<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'));
  for (const attribute of ['', ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"']) {
    const body = `<VersioningConfiguration${attribute}><Status>Enabled</Status></VersioningConfiguration>`;
    const reply = await raw({ method: 'PUT', path: `/${bucket}`, query: 'versioning', body });
    assert.equal(reply.status, 200, reply.text);
  }
});

// checklist 23
test('a refused HEAD has a status, a request id and no body, whatever is wrong', async () => {
  for (const [request, status] of [
    [{ path: `/${bucket}/missing` }, 404],
    [{ path: `/${bucket}/missing`, auth: 'anonymous' }, 403],
    [{ path: '/no-such-bucket-here' }, 404],
    [{ path: `/${bucket}/missing`, query: 'versionId=%00' }, 400],
  ] as const) {
    const reply = await raw({ method: 'HEAD', ...request });
    assert.deepEqual([reply.status, reply.body.length], [status, 0]);
    assert.match(String(reply.headers['x-amz-request-id']), /^[0-9A-F]{16}$/);
  }
});

// checklist 23
test('HEAD of a bucket tells its region, also to who may not use it', async () => {
  const region = async (more: object): Promise<[number, unknown]> => {
    const { status, headers } = await raw({ method: 'HEAD', path: `/${bucket}`, ...more });
    return [status, headers['x-amz-bucket-region']];
  };
  assert.deepEqual(await region({}), [200, s3.region]);
  assert.deepEqual(await region({ auth: 'anonymous' }), [403, s3.region]);
});

// checklist 45
test('a bucket name that another account has taken is BucketAlreadyExists', async (t) => {
  const { server } = s3;
  if (server === null) return t.skip('needs a second account');
  const email = 'second@example.com';
  await server.cli(['account', 'create', '--email', email, '--name', 'second']);
  await server.cli(['project', 'create', '--account', email, '--name', 'own']);
  const key = await server.cli(['s3-key', 'create', '--account', email, '--project', 'own']);
  const reply = await rawS3({ ...s3, ...(key as KeyPair) })({ method: 'PUT', path: `/${bucket}` });
  assert.deepEqual([reply.status, reply.code], [409, 'BucketAlreadyExists']);
});
