// Buckets as websites: what a browser that knows nothing of S3 gets.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import * as sdk from '@aws-sdk/client-s3';
import { type RawReply, type RawRequest, rawS3 } from '../support/raw-s3.ts';
import { startServer } from '../support/start-server.ts';
import { clientFor, createKey, refusalOf } from './s3-target.ts';

const server = await startServer({ args: ['--website-domain', 'web.localhost', '--bucket-defaults', 'legacy'] });
after(() => server[Symbol.asyncDispose]());
const where = { url: server.s3Url, region: 'HAN02', ca: await readFile(server.caFile, 'utf8') };
const key = await createKey(server);
const client = clientFor(where, key);
after(() => client.destroy());
const raw = rawS3({ ...where, ...key });

let buckets = 0;
/** A bucket whose objects everybody may read. */
async function site(website?: sdk.WebsiteConfiguration): Promise<string> {
  const Bucket = `site-${++buckets}`;
  await client.send(new sdk.CreateBucketCommand({ Bucket }));
  const Statement = [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` }];
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await client.send(new sdk.PutBucketPolicyCommand({ Bucket, Policy }));
  if (website !== undefined) {
    await client.send(new sdk.PutBucketWebsiteCommand({ Bucket, WebsiteConfiguration: website }));
  }
  return Bucket;
}

const put = (
  Bucket: string,
  Key: string,
  Body: string,
  more: Partial<sdk.PutObjectCommandInput> = {},
): Promise<unknown> => client.send(new sdk.PutObjectCommand({ Bucket, Key, Body, ContentType: 'text/html', ...more }));

const host = (bucket: string): string => `${bucket}.web.localhost:${new URL(server.s3Url).port}`;

const visit = (bucket: string, path: string, more: Partial<RawRequest> = {}): Promise<RawReply> =>
  raw({ path, host: host(bucket), auth: 'anonymous', ...more });

const pages: sdk.WebsiteConfiguration = {
  IndexDocument: { Suffix: 'index.html' },
  ErrorDocument: { Key: 'error.html' },
};
const main = await site(pages);

before(async () => {
  await put(main, 'index.html', 'home');
  await put(main, 'docs/index.html', 'docs');
  await put(main, 'a b.html', 'spaced');
  await put(main, 'error.html', 'sorry');
  await put(main, 'moved.html', '', { WebsiteRedirectLocation: '/docs/' });
  await put(main, 'away.html', '', { WebsiteRedirectLocation: 'https://example.com/' });
});

test('a website configuration is kept as it was set and deleted', async () => {
  const Bucket = await site();
  const read = (): Promise<sdk.GetBucketWebsiteCommandOutput> =>
    client.send(new sdk.GetBucketWebsiteCommand({ Bucket }));
  assert.deepEqual(await refusalOf(read()), [404, 'NoSuchWebsiteConfiguration']);
  const RoutingRules: sdk.RoutingRule[] = [
    {
      Condition: { KeyPrefixEquals: 'old/', HttpErrorCodeReturnedEquals: '404' },
      Redirect: { HostName: 'example.com', Protocol: 'https', ReplaceKeyPrefixWith: 'new/', HttpRedirectCode: '302' },
    },
    { Redirect: { ReplaceKeyWith: 'x' } },
  ];
  const set = { ...pages, RoutingRules };
  await client.send(new sdk.PutBucketWebsiteCommand({ Bucket, WebsiteConfiguration: set }));
  const { IndexDocument, ErrorDocument, RoutingRules: kept } = await read();
  assert.deepEqual({ IndexDocument, ErrorDocument, RoutingRules: kept }, set);
  await client.send(new sdk.DeleteBucketWebsiteCommand({ Bucket }));
  assert.deepEqual(await refusalOf(read()), [404, 'NoSuchWebsiteConfiguration']);
});

test('a website configuration that could not work is refused', async () => {
  const Bucket = await site();
  const index = { IndexDocument: { Suffix: 'index.html' } };
  const rule = (Redirect: sdk.Redirect, Condition?: sdk.Condition): sdk.WebsiteConfiguration => ({
    ...index,
    RoutingRules: [Condition === undefined ? { Redirect } : { Redirect, Condition }],
  });
  const wrong: readonly [sdk.WebsiteConfiguration, string][] = [
    [{}, 'InvalidArgument'],
    [{ IndexDocument: { Suffix: 'a/index.html' } }, 'InvalidArgument'],
    [{ IndexDocument: { Suffix: '' } }, 'InvalidArgument'],
    [{ ...index, ErrorDocument: { Key: '' } }, 'InvalidArgument'],
    [{ ...index, RedirectAllRequestsTo: { HostName: 'example.com' } }, 'InvalidArgument'],
    [{ RedirectAllRequestsTo: { HostName: 'example.com\r\nx: y' } }, 'InvalidArgument'],
    [rule({ ReplaceKeyWith: 'a', ReplaceKeyPrefixWith: 'b' }), 'InvalidRequest'],
    [rule({ HostName: 'a', HttpRedirectCode: '300' }), 'InvalidRequest'],
    [rule({ HostName: 'a', HttpRedirectCode: '200' }), 'InvalidRequest'],
    [rule({ HostName: 'a' }, { HttpErrorCodeReturnedEquals: '302' }), 'InvalidRequest'],
    [rule({ HostName: 'a' }, {}), 'MalformedXML'],
    [rule({}), 'MalformedXML'],
  ];
  for (const [website, code] of wrong) {
    const sent = client.send(new sdk.PutBucketWebsiteCommand({ Bucket, WebsiteConfiguration: website }));
    assert.deepEqual(await refusalOf(sent), [400, code], JSON.stringify(website));
  }
});

test('folders show their index, and a folder without its slash is sent there', async () => {
  for (const [path, text] of [
    ['/', 'home'],
    ['/index.html', 'home'],
    ['/docs/', 'docs'],
    ['/a%20b.html', 'spaced'],
  ] as const) {
    const reply = await visit(main, path);
    assert.deepEqual([reply.status, reply.text, reply.headers['content-type']], [200, text, 'text/html'], path);
  }
  const folder = await visit(main, '/docs');
  assert.deepEqual([folder.status, folder.headers.location], [302, '/docs/']);
});

test('HEAD, conditions and ranges work, other methods do not', async () => {
  const head = await visit(main, '/', { method: 'HEAD' });
  assert.deepEqual([head.status, head.headers['content-length'], head.text], [200, '4', '']);
  const { etag = '' } = head.headers;
  assert.equal((await visit(main, '/', { headers: { 'if-none-match': etag } })).status, 304);
  assert.equal((await visit(main, '/', { headers: { range: 'bytes=1-2' } })).text, 'om');
  for (const method of ['PUT', 'POST', 'DELETE']) {
    const reply = await visit(main, '/index.html', { method, body: 'x' });
    assert.deepEqual([reply.status, reply.headers['x-amz-error-code']], [405, 'MethodNotAllowed'], method);
  }
});

test('errors are pages: the site’s own with the status of what went wrong, or a plain one', async () => {
  const own = await visit(main, '/nothing', { headers: { range: 'bytes=0-0' } });
  assert.deepEqual([own.status, own.text], [403, 'sorry']);
  assert.equal(own.headers['x-amz-error-code'], 'AccessDenied');
  const plain = await visit(await site({ IndexDocument: { Suffix: 'index.html' } }), '/<b>');
  assert.deepEqual([plain.status, plain.headers['content-type']], [403, 'text/html; charset=utf-8']);
  assert.match(plain.text, /<h1>403 Forbidden<\/h1>[\s\S]*<li>Code: AccessDenied<\/li>/);
  const lost = await visit(await site({ ...pages, ErrorDocument: { Key: 'lost.html' } }), '/nothing');
  assert.equal(lost.status, 403);
  assert.match(lost.text, /An Error Occurred While Attempting to Retrieve a Custom Error Document/);
  const none = await visit(await site(), '/');
  assert.deepEqual([none.status, none.headers['x-amz-error-code']], [404, 'NoSuchWebsiteConfiguration']);
  const missing = await visit('no-such-site', '/');
  assert.deepEqual([missing.status, missing.headers['x-amz-error-code']], [404, 'NoSuchBucket']);
});

test('a missing page is 404 where everybody may list the bucket', async () => {
  const bucket = await site(pages);
  await client.send(new sdk.PutBucketAclCommand({ Bucket: bucket, ACL: 'public-read' }));
  const reply = await visit(bucket, '/nothing');
  assert.deepEqual([reply.status, reply.headers['x-amz-error-code']], [404, 'NoSuchKey']);
});

test('only what anonymous visitors may read is shown, signature or not', async () => {
  const bucket = await site(pages);
  await put(bucket, 'index.html', 'secret');
  await client.send(new sdk.DeleteBucketPolicyCommand({ Bucket: bucket }));
  assert.equal((await visit(bucket, '/')).status, 403);
  assert.equal((await visit(bucket, '/', { auth: 'header' })).status, 403);
  await client.send(new sdk.PutObjectAclCommand({ Bucket: bucket, Key: 'index.html', ACL: 'public-read' }));
  assert.equal((await visit(bucket, '/')).text, 'secret');
});

test('sub-resources and versions mean nothing to a website', async () => {
  for (const query of ['policy', 'acl', 'versionId=x', 'list-type=2', 'response-content-type=a/b']) {
    const reply = await visit(main, '/', { query });
    assert.deepEqual([reply.status, reply.text], [200, 'home'], query);
  }
});

test('an object can send its visitors elsewhere', async () => {
  const moved = await visit(main, '/moved.html');
  assert.deepEqual([moved.status, moved.headers.location], [301, '/docs/']);
  assert.equal((await visit(main, '/away.html')).headers.location, 'https://example.com/');
});

test('a site can send every request to another host', async () => {
  const bucket = await site({ RedirectAllRequestsTo: { HostName: 'example.com', Protocol: 'http' } });
  const reply = await visit(bucket, '/a/b%20c', { query: 'x=1' });
  assert.deepEqual([reply.status, reply.headers.location], [301, 'http://example.com/a/b%20c?x=1']);
});

test('routing rules redirect by prefix before a page is looked for, and by error after', async () => {
  const bucket = await site({
    ...pages,
    RoutingRules: [
      { Condition: { KeyPrefixEquals: 'old/' }, Redirect: { ReplaceKeyPrefixWith: 'new/' } },
      {
        Condition: { KeyPrefixEquals: 'app/', HttpErrorCodeReturnedEquals: '403' },
        Redirect: { HostName: 'example.com', Protocol: 'https', ReplaceKeyPrefixWith: '#!/', HttpRedirectCode: '302' },
      },
      { Condition: { KeyPrefixEquals: 'gone' }, Redirect: { ReplaceKeyWith: 'error.html', HttpRedirectCode: '307' } },
    ],
  });
  await put(bucket, 'old/kept.html', 'kept');
  await put(bucket, 'app/there.html', 'there');
  const at = async (path: string): Promise<[number, string | undefined]> => {
    const { status, headers } = await visit(bucket, path);
    return [status, headers.location];
  };
  assert.deepEqual(await at('/old/kept.html'), [301, `https://${host(bucket)}/new/kept.html`]);
  assert.deepEqual(await at('/old/a%20b%3F'), [301, `https://${host(bucket)}/new/a%20b%3F`]);
  assert.deepEqual(await at('/app/missing'), [302, 'https://example.com/#!/missing']);
  assert.deepEqual(await at('/app/there.html'), [200, undefined]);
  assert.deepEqual(await at('/gone-for-good'), [307, `https://${host(bucket)}/error.html`]);
});

test('pages carry CORS headers like any other answer', async () => {
  const bucket = await site(pages);
  await put(bucket, 'index.html', 'home');
  const CORSRules = [{ AllowedOrigins: ['*'], AllowedMethods: ['GET'] }];
  await client.send(new sdk.PutBucketCorsCommand({ Bucket: bucket, CORSConfiguration: { CORSRules } }));
  const origin = { origin: 'https://a.test' };
  assert.equal((await visit(bucket, '/', { headers: origin })).headers['access-control-allow-origin'], '*');
  assert.equal((await visit(bucket, '/nothing', { headers: origin })).headers['access-control-allow-origin'], '*');
  const headers = { ...origin, 'access-control-request-method': 'GET' };
  assert.equal((await visit(bucket, '/', { method: 'OPTIONS', headers })).status, 200);
});
