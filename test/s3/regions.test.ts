// Two regions in one server: the Host header decides, bucket names and bytes are each region's own.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { BLOBS_VARIABLE } from '../support/engines.ts';
import { encodeForm, signPolicy } from '../support/post-form.ts';
import { type RawReply, type RawRequest, rawS3 } from '../support/raw-s3.ts';
import { startServer } from '../support/start-server.ts';
import { createKey } from './s3-target.ts';
import { createUserKey } from './user-key.ts';

const args = ['--region', 'HAN02', '--region', 'HCM04', '--website-domain', 'web.localhost'];
const server = await startServer({ args: [...args, '--bucket-defaults', 'legacy', '--inline-size', '0'] });
after(() => server[Symbol.asyncDispose]());
await server.cli(['project', 'create', '--account', server.rootEmail, '--name', 'south', '--region', 'hcm04']);

const ca = await readFile(server.caFile, 'utf8');
const { port } = new URL(server.s3Url);
const where = { url: server.s3Url, ca };
const north = { ...(await createKey(server)), region: 'HAN02' };
const south = { ...(await createKey(server, ['--project', 'south'])), region: 'HCM04' };
const NORTH_HOST = `s3.localhost:${port}`;
const SOUTH_HOST = `hcm04.s3.localhost:${port}`;
const inNorth = rawS3({ ...where, ...north });
const sendSouth = rawS3({ ...where, ...south });
const inSouth = (request: RawRequest): Promise<RawReply> => sendSouth({ host: SOUTH_HOST, ...request });

const BUCKET = 'same-name';

async function ok(reply: Promise<RawReply>, status = 200): Promise<RawReply> {
  const got = await reply;
  assert.equal(got.status, status, got.text);
  return got;
}

async function isRefused(reply: Promise<RawReply>, status: number, code: string): Promise<RawReply> {
  const got = await reply;
  assert.deepEqual([got.status, got.code], [status, code], got.text);
  return got;
}

before(async () => {
  await ok(inNorth({ method: 'PUT', path: `/${BUCKET}` }));
  await ok(inSouth({ method: 'PUT', path: `/${BUCKET}` }));
  const headers = { 'x-amz-acl': 'public-read' };
  await ok(inNorth({ method: 'PUT', path: `/${BUCKET}/where`, body: 'north', headers }));
  await ok(inSouth({ method: 'PUT', path: `/${BUCKET}/where`, body: 'south', headers }));
  await ok(inSouth({ method: 'PUT', path: `/${BUCKET}/only-south`, body: 'x' }));
});

test('one bucket name in two regions is two buckets, by path and by virtual host', async () => {
  for (const host of [NORTH_HOST, `localhost:${port}`, `127.0.0.1:${port}`]) {
    assert.equal((await ok(inNorth({ path: `/${BUCKET}/where`, host }))).text, 'north', host);
  }
  assert.equal((await ok(inNorth({ path: '/where', host: `${BUCKET}.${NORTH_HOST}` }))).text, 'north');
  assert.equal((await ok(inSouth({ path: `/${BUCKET}/where` }))).text, 'south');
  assert.equal((await ok(inSouth({ path: '/where', host: `${BUCKET}.${SOUTH_HOST}` }))).text, 'south');
  assert.equal((await ok(inSouth({ path: '/where', host: `${BUCKET}.${SOUTH_HOST}`.toUpperCase() }))).text, 'south');
  await isRefused(inNorth({ path: `/${BUCKET}/only-south` }), 404, 'NoSuchKey');
});

test('nobody in particular finds the region by the host', async () => {
  const auth = 'anonymous';
  assert.equal((await ok(inNorth({ auth, path: `/${BUCKET}/where`, host: NORTH_HOST }))).text, 'north');
  assert.equal((await ok(inNorth({ auth, path: `/${BUCKET}/where`, host: SOUTH_HOST }))).text, 'south');
  assert.equal((await ok(inNorth({ auth, path: '/where', host: `${BUCKET}.${SOUTH_HOST}` }))).text, 'south');
});

test('links of signature version 4 work in their own region', async () => {
  assert.equal((await ok(inSouth({ auth: 'presigned', path: `/${BUCKET}/where` }))).text, 'south');
  assert.equal((await ok(inNorth({ auth: 'presigned', path: `/${BUCKET}/where` }))).text, 'north');
  const host = SOUTH_HOST;
  const elsewhere = inNorth({ auth: 'presigned', path: `/${BUCKET}/where`, host });
  const refused = await isRefused(elsewhere, 400, 'AuthorizationQueryParametersError');
  assert.equal(refused.field('Region'), 'HCM04');
});

/** As `s3cmd signurl` makes it. */
function version2(key: typeof north, host: string, path: string, resource: string): Promise<RawReply> {
  const expires = Math.floor(Date.now() / 1000) + 600;
  const text = `GET\n\n\n${expires}\n${resource}`;
  const signature = createHmac('sha1', key.secretKey).update(text).digest('base64');
  const query = { AWSAccessKeyId: key.accessKey, Expires: String(expires), Signature: signature };
  return inNorth({ auth: 'anonymous', host, path, query });
}

test('links of signature version 2, which name no region, find it by the host', async () => {
  const resource = `/${BUCKET}/where`;
  assert.equal((await ok(version2(south, SOUTH_HOST, resource, resource))).text, 'south');
  assert.equal((await ok(version2(south, `${BUCKET}.${SOUTH_HOST}`, '/where', resource))).text, 'south');
  assert.equal((await ok(version2(north, NORTH_HOST, resource, resource))).text, 'north');
});

test('a signature of another region is refused with the right one', async () => {
  const path = `/${BUCKET}/where`;
  for (const region of ['HAN02', 'us-east-1', '', 'eu-west-1']) {
    const refused = await isRefused(inSouth({ path, credentials: { region } }), 400, 'AuthorizationHeaderMalformed');
    assert.equal(refused.field('Region'), 'HCM04', region);
    assert.match(refused.message ?? '', /expecting 'HCM04'/);
  }
  const wrong = await isRefused(
    inNorth({ path, credentials: { region: 'HCM04' } }),
    400,
    'AuthorizationHeaderMalformed',
  );
  assert.equal(wrong.field('Region'), 'HAN02');
  assert.equal((await ok(inSouth({ path, credentials: { region: 'hcm04' } }))).text, 'south');
  assert.equal((await ok(inNorth({ path, credentials: { region: 'us-east-1' } }))).text, 'north');
});

test('a form is for the region of its host, too', async () => {
  const form = (host: string, region: string): Promise<RawReply> => {
    const fields = signPolicy({ ...south, region }, [['starts-with', '$key', ''], { bucket: BUCKET }]);
    const { body, contentType } = encodeForm([
      { name: 'key', value: 'form' },
      ...Object.entries(fields).map(([name, value]) => ({ name, value })),
      { name: 'file', value: 'by form', filename: 'f' },
    ]);
    return inNorth({
      method: 'POST',
      auth: 'anonymous',
      path: `/${BUCKET}`,
      host,
      body,
      headers: { 'content-type': contentType },
    });
  };
  await ok(form(SOUTH_HOST, 'HCM04'), 204);
  assert.equal((await ok(inSouth({ path: `/${BUCKET}/form` }))).text, 'by form');
  await isRefused(form(SOUTH_HOST, 'HAN02'), 400, 'AuthorizationQueryParametersError');
  await isRefused(inNorth({ path: `/${BUCKET}/form` }), 404, 'NoSuchKey');
});

test('a bucket says where it is, and a region lists its own', async () => {
  const location = { location: '' };
  assert.equal((await ok(inSouth({ path: `/${BUCKET}`, query: location }))).field('LocationConstraint'), 'HCM04');
  assert.equal((await ok(inNorth({ path: `/${BUCKET}`, query: location }))).field('LocationConstraint'), 'HAN02');
  const head = await ok(inSouth({ method: 'HEAD', path: `/${BUCKET}` }));
  assert.equal(head.headers['x-amz-bucket-region'], 'HCM04');
  const listed = await ok(inSouth({ path: '/' }));
  assert.equal(listed.field('BucketRegion'), 'HCM04');
  assert.equal(listed.text.split('<Bucket>').length, 2);
});

test('a key of the other region lists no bucket here, not even of the same name, and makes none', async () => {
  const credentials = { ...north, region: 'HCM04' };
  assert.doesNotMatch((await ok(inSouth({ path: '/', credentials }))).text, /<Bucket>/);
  const refused = await isRefused(inSouth({ method: 'PUT', path: '/from-north', credentials }), 403, 'AccessDenied');
  assert.match(refused.message ?? '', /HAN02/);
  await isRefused(inSouth({ path: `/${BUCKET}/only-south`, credentials }), 403, 'AccessDenied');
});

test('a bucket is made where the request came to, and nowhere else', async () => {
  const constraint = (region: string): string =>
    `<CreateBucketConfiguration><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`;
  const path = '/constrained';
  const create = (region: string): Promise<RawReply> => inSouth({ method: 'PUT', path, body: constraint(region) });
  await isRefused(create('HAN02'), 400, 'IllegalLocationConstraintException');
  await isRefused(create('MARS1'), 400, 'InvalidLocationConstraint');
  await ok(create('HCM04'));
  await isRefused(inNorth({ path }), 404, 'NoSuchBucket');
  await isRefused(inNorth({ path: `/${BUCKET}-nowhere`, host: SOUTH_HOST, auth: 'anonymous' }), 404, 'NoSuchBucket');
});

test('a policy for one region allows nothing in the other, buckets that are not there yet included', async () => {
  const Condition = { StringEquals: { 'aws:RequestedRegion': 'HCM04' } };
  const statement = { Effect: 'Allow', Action: 's3:*', Resource: '*', Condition };
  const northKey = { ...(await createUserKey(server, 'southerner', [statement])), region: 'HAN02' };
  const southKey = { ...(await createKey(server, ['--user', 'southerner', '--project', 'south'])), region: 'HCM04' };
  await ok(inSouth({ method: 'PUT', path: '/of-the-user', credentials: southKey }));
  assert.match((await ok(inSouth({ path: '/', credentials: southKey }))).text, /of-the-user/);
  await isRefused(inNorth({ method: 'PUT', path: '/of-the-user', credentials: northKey }), 403, 'AccessDenied');
  await isRefused(inNorth({ path: '/', credentials: northKey }), 403, 'AccessDenied');
});

test('a website is that of its region’s bucket', async () => {
  const body = '<WebsiteConfiguration><IndexDocument><Suffix>where</Suffix></IndexDocument></WebsiteConfiguration>';
  await ok(inSouth({ method: 'PUT', path: `/${BUCKET}`, query: { website: '' }, body }));
  const visit = (host: string): Promise<RawReply> => inNorth({ auth: 'anonymous', path: '/', host });
  assert.equal((await ok(visit(`${BUCKET}.hcm04.web.localhost:${port}`))).text, 'south');
  assert.equal((await visit(`${BUCKET}.web.localhost:${port}`)).status, 404);
});

test('a copy has its source in the same region', async () => {
  const copy = (source: string): Promise<RawReply> =>
    inSouth({ method: 'PUT', path: `/${BUCKET}/copy`, headers: { 'x-amz-copy-source': source } });
  await ok(copy(`/${BUCKET}/where`));
  assert.equal((await ok(inSouth({ path: `/${BUCKET}/copy` }))).text, 'south');
  await ok(inNorth({ method: 'PUT', path: '/only-north' }));
  await isRefused(copy('/only-north/x'), 404, 'NoSuchBucket');
});

test('a multipart upload goes to the region’s pool, like everything in it', async () => {
  const path = `/${BUCKET}/parts`;
  const uploadId = (await ok(inSouth({ method: 'POST', path, query: { uploads: '' } }))).field('UploadId') ?? '';
  await isRefused(
    inNorth({ method: 'PUT', path, query: { partNumber: '1', uploadId }, body: 'part' }),
    404,
    'NoSuchUpload',
  );
  const part = await ok(inSouth({ method: 'PUT', path, query: { partNumber: '1', uploadId }, body: 'part' }));
  const etag = String(part.headers['etag']);
  const body = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${etag}</ETag></Part></CompleteMultipartUpload>`;
  await ok(inSouth({ method: 'POST', path, query: { uploadId }, body }));
  assert.equal((await ok(inSouth({ path }))).text, 'part');
  if (process.env[BLOBS_VARIABLE] !== undefined) return;
  const pools = await readdir(join(server.dataDir, 'blobs'));
  assert.ok(pools.includes('STANDARD') && pools.includes('HCM04-STANDARD'), pools.join());
});

test('the IAM and STS APIs are the same at every endpoint', async () => {
  const body = 'Action=GetCallerIdentity&Version=2011-06-15';
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  for (const host of [NORTH_HOST, SOUTH_HOST]) {
    const refused = await inNorth({ method: 'POST', path: '/', host, body, headers, auth: 'anonymous' });
    assert.equal(refused.status, 403, refused.text);
    assert.match(refused.text, /MissingAuthenticationToken/);
  }
});
