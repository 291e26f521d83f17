import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { oneKey } from '../../../test/support/signing-keys.ts';
import { makeRequest } from '../../../test/support/signing-requests.ts';
import { S3Error } from '../../shared/errors.ts';
import { authenticate } from './authenticate.ts';

const accessKey = 'AKIAIOSFODNN7EXAMPLE';
const secretKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const noon = Date.parse('Tue, 27 Mar 2007 19:40:00 +0000');
const deps = {
  ...oneKey(accessKey, secretKey),
  clock: () => noon,
  region: { name: 'us-east-1', domains: ['s3.amazonaws.com'] },
  strictRegion: true,
  signatureVersion2: true,
};
const host = 'johnsmith.s3.amazonaws.com';

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return 'accepted';
  } catch (error) {
    assert.ok(error instanceof S3Error);
    return error.code;
  }
}

// The examples of RESTAuthentication in the S3 developer guide.
const examples: [name: string, method: string, target: string, headers: Record<string, string>, signature: string][] = [
  [
    'GET object',
    'GET',
    '/photos/puppy.jpg',
    { date: 'Tue, 27 Mar 2007 19:36:42 +0000' },
    'bWq2s1WEIj+Ydj0vQ697zp+IXMU=',
  ],
  [
    'list',
    'GET',
    '/?prefix=photos&max-keys=50&marker=puppy',
    { date: 'Tue, 27 Mar 2007 19:42:41 +0000' },
    'htDYFYduRNen8P9ZfE/s9SuKy0U=',
  ],
  ['sub-resource', 'GET', '/?acl', { date: 'Tue, 27 Mar 2007 19:44:46 +0000' }, 'c2WLPFtWHVgbEmeEG93a4cG37dM='],
];

for (const [name, method, target, headers, signature] of examples) {
  test(`AWS's version 2 example of a ${name} request is accepted, and refused when anything of it changes`, async () => {
    const authorization = `AWS ${accessKey}:${signature}`;
    const signed = { host, ...headers, authorization };
    const { principal } = await authenticate(deps, makeRequest({ method, target, headers: signed }));
    assert.equal(principal.kind, 's3-key');
    for (const [changedMethod, changedTarget, changedHeaders] of [
      ['PUT', target, signed],
      [method, `/other${target}`, signed],
      [method, target, { ...signed, 'x-amz-acl': 'public-read' }],
      [method, target, { ...signed, host: 'eve.s3.amazonaws.com' }],
    ] as const) {
      const changed = makeRequest({ method: changedMethod, target: changedTarget, headers: changedHeaders });
      assert.equal(await codeOf(authenticate(deps, changed)), 'SignatureDoesNotMatch');
    }
  });
}

function presigned(expires: number, resource = '/bucket/key'): string {
  const signature = createHmac('sha1', secretKey).update(`GET\n\n\n${expires}\n${resource}`).digest('base64');
  return `?AWSAccessKeyId=${accessKey}&Expires=${expires}&Signature=${encodeURIComponent(signature)}`;
}

test('a version 2 URL works until it expires', async () => {
  const expires = noon / 1000 + 60;
  const request = makeRequest({
    method: 'GET',
    target: `/bucket/key${presigned(expires)}`,
    headers: { host: 'localhost' },
  });
  assert.equal((await authenticate(deps, request)).principal.kind, 's3-key');
  const later = { ...deps, clock: () => noon + 61_000 };
  assert.equal(await codeOf(authenticate(later, request)), 'AccessDenied');
});

test('a bucket may be signed with or without its final slash', async () => {
  const expires = noon / 1000 + 60;
  for (const target of ['/bucket', '/bucket/']) {
    for (const resource of ['/bucket', '/bucket/']) {
      const request = makeRequest({
        method: 'GET',
        target: target + presigned(expires, resource),
        headers: { host: 'localhost' },
      });
      assert.equal((await authenticate(deps, request)).principal.kind, 's3-key');
    }
  }
});

test('a version 2 request far from the clock, without a date, with an unknown key or switched off is refused', async () => {
  const signed = {
    host,
    date: 'Tue, 27 Mar 2007 19:36:42 +0000',
    authorization: `AWS ${accessKey}:bWq2s1WEIj+Ydj0vQ697zp+IXMU=`,
  };
  const get = (headers: Record<string, string>) => makeRequest({ method: 'GET', target: '/photos/puppy.jpg', headers });
  const { date, ...undated } = signed;
  assert.ok(date);
  assert.equal(
    await codeOf(authenticate({ ...deps, clock: () => noon + 3_600_000 }, get(signed))),
    'RequestTimeTooSkewed',
  );
  assert.equal(await codeOf(authenticate(deps, get(undated))), 'AccessDenied');
  assert.equal(
    await codeOf(authenticate(deps, get({ ...signed, authorization: 'AWS nobody:bWq2' }))),
    'InvalidAccessKeyId',
  );
  assert.equal(await codeOf(authenticate({ ...deps, signatureVersion2: false }, get(signed))), 'InvalidRequest');
});
