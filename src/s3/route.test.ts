import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BucketName, ObjectKey } from '../shared/ids.ts';
import type { Method, S3Request } from './operation.ts';
import { operations } from './operations/table.ts';
import { parseQuery } from './query.ts';
import { createRouter } from './route.ts';

const route = createRouter(operations);

function request(
  method: Method,
  path: '/' | '/b' | '/b/k',
  rawQuery = '',
  headers: Record<string, string> = {},
): S3Request {
  return {
    id: '1',
    method,
    rawPath: path,
    rawQuery,
    query: parseQuery(rawQuery),
    headers: new Map(Object.entries(headers)),
    bucket: path === '/' ? null : ('b' as BucketName),
    key: path === '/b/k' ? ('k' as ObjectKey) : null,
    host: 'localhost',
    clientAddress: '127.0.0.1',
    secure: true,
    receivedAt: 0,
    requestedRegion: 'HAN02',
  };
}

const nameOf = (...args: Parameters<typeof request>) => route(request(...args)).name;

test('each request finds its operation', () => {
  const copy = { 'x-amz-copy-source': '/a/b' };
  const expected: [string, Parameters<typeof request>][] = [
    ['ListBuckets', ['GET', '/']],
    ['ListBuckets', ['GET', '/', 'x-id=ListBuckets']],
    ['ListObjects', ['GET', '/b']],
    ['ListObjects', ['GET', '/b', 'prefix=&delimiter=&marker=']],
    ['ListObjectsV2', ['GET', '/b', 'list-type=2&prefix=']],
    ['ListMultipartUploads', ['GET', '/b', 'uploads']],
    ['GetBucketLocation', ['GET', '/b', 'location']],
    ['HeadBucket', ['HEAD', '/b']],
    ['DeleteObjects', ['POST', '/b', 'delete']],
    ['PostObject', ['POST', '/b']],
    ['GetObject', ['GET', '/b/k', 'x-id=GetObject&versionId=null']],
    ['GetObject', ['GET', '/b/k', 'partNumber=1']],
    ['GetObject', ['GET', '/b/k', 'v=123']],
    ['GetObject', ['GET', '/b/k', '1700000000']],
    ['GetObject', ['GET', '/b/k', 'id=5&response-expires=']],
    ['ListParts', ['GET', '/b/k', 'uploadId=x']],
    ['PutObject', ['PUT', '/b/k']],
    ['CopyObject', ['PUT', '/b/k', '', copy]],
    ['CopyObject', ['PUT', '/b/k', 'x-amz-copy-source=a%2Fb']],
    ['UploadPart', ['PUT', '/b/k', 'partNumber=1&uploadId=x']],
    ['UploadPartCopy', ['PUT', '/b/k', 'partNumber=1&uploadId=x', copy]],
    ['CreateMultipartUpload', ['POST', '/b/k', 'uploads=']],
    ['CompleteMultipartUpload', ['POST', '/b/k', 'uploadId=x']],
    ['AbortMultipartUpload', ['DELETE', '/b/k', 'uploadId=x']],
    ['PutBucketAnalyticsConfiguration', ['PUT', '/b', 'analytics&id=1']],
    ['ListBucketAnalyticsConfigurations', ['GET', '/b', 'analytics']],
    ['GetBucketAnalyticsConfiguration', ['GET', '/b', 'analytics&id=1']],
    ['DeleteObjectTagging', ['DELETE', '/b/k', 'tagging']],
  ];
  for (const [name, args] of expected) assert.equal(nameOf(...args), name, `${args[0]} ${args[1]} ${args[2]}`);
});

test('an unknown sub-resource never falls through to the plain operation', () => {
  const cases: Parameters<typeof request>[] = [
    ['DELETE', '/b/k', 'unknown'],
    ['DELETE', '/b/k', 'uploads'],
    ['PUT', '/b/k', 'somethingNew'],
    ['PUT', '/b', 'somethingNew='],
    ['DELETE', '/b', 'acl'],
    ['DELETE', '/b/k', 'legal-hold&versionId=null'],
    ['GET', '/b/k', 'policy'],
    ['GET', '/', 'acl'],
  ];
  for (const args of cases) {
    assert.throws(() => nameOf(...args), { code: 'NotImplemented' }, `${args[0]} ${args[1]} ${args[2]}`);
  }
});

test('sub-resources that AWS refuses in its own words at an object are refused in them', () => {
  const cases: [Parameters<typeof request>, RegExp][] = [
    [['PUT', '/b/k', 'partNumber=1'], /does not accept partNumber without uploadId/],
    [['GET', '/b/k', 'uploads'], /Key is not expected/],
    [['GET', '/b/k', 'versions'], /no such thing as the \?versions sub-resource/],
  ];
  for (const [args, message] of cases) assert.throws(() => nameOf(...args), { name: 'S3Error', message });
});

test('a method the resource does not have is 405 and names those it has', () => {
  assert.throws(() => nameOf('POST', '/b/k'), {
    code: 'MethodNotAllowed',
    headers: { allow: 'PUT, GET, HEAD, DELETE' },
  });
  assert.throws(() => nameOf('DELETE', '/'), { code: 'MethodNotAllowed' });
});

test('no two operations answer the same request', () => {
  const ids = operations.map(({ method, target, match }) => `${method} ${target} ${match.toSorted().join(' ')}`);
  assert.equal(new Set(ids).size, ids.length);
  const names = operations.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
});
