import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildRequest, type RawRequest } from '../../../test/support/raw-s3-request.ts';
import { oneKey } from '../../../test/support/signing-keys.ts';
import { makeRequest, refusal } from '../../../test/support/signing-requests.ts';
import type { S3Request } from '../operation.ts';
import { type Authenticated, type AuthenticateDeps, authenticate } from './authenticate.ts';

const credentials = { accessKey: '0123456789abcdef0123456789abcdef', secretKey: 'S'.repeat(40), region: 'HAN02' };
const target = { ...credentials, url: 'https://localhost:9000' };
const deps: AuthenticateDeps = {
  ...oneKey(credentials.accessKey, credentials.secretKey),
  clock: Date.now,
  region: { name: 'HAN02' },
  strictRegion: false,
  signatureVersion2: false,
};

type Case = RawRequest & { readonly deps?: Partial<AuthenticateDeps>; readonly received?: Partial<S3Request> };

async function attempt({ deps: changed, received, ...request }: Case): Promise<Authenticated> {
  const wire = await buildRequest(target, request);
  return await authenticate({ ...deps, ...changed }, makeRequest(wire, received));
}

const accepted: Record<string, Case> = {
  'a request signed in its headers': { path: '/bucket/key' },
  'a presigned URL': { path: '/bucket/key', auth: 'presigned' },
  'a key with dots, empty segments, blanks and plus signs': { path: '/bucket//a/../b/./c%20+%2B/' },
  'a path with %2F and lower-case escapes': { path: '/bucket/a%2fb%c3%a9' },
  'parameters out of order, without values and with equals signs': {
    path: '/b',
    query: 'uploads&prefix=a=b&acl=&a-b=1&a=2',
  },
  'a plus sign for a blank in the query': { path: '/b', query: 'prefix=a+b%2Bc' },
  'a region in other letters, signed as the client wrote it': { path: '/b', credentials: { region: 'han02' } },
  'us-east-1 for the first region': { path: '/b', credentials: { region: 'us-east-1' } },
  'runs of blanks in a header': { path: '/b', headers: { 'x-amz-meta-a': '  one   two\t three  ' } },
  'a header sent twice': { path: '/b', headers: { 'x-amz-meta-a': ['one', 'two'] } },
  'a clock that is 14 minutes late': { path: '/b', skewMs: -14 * 60_000 },
  'a clock that is 14 minutes early': { path: '/b', skewMs: 14 * 60_000 },
  'a presigned URL an hour before its end': { path: '/b', auth: 'presigned', expiresSeconds: 7200, skewMs: -3_600_000 },
  'a presigned URL of a week': { path: '/b', auth: 'presigned', expiresSeconds: 604_800 },
  'an empty security token': { path: '/b', headers: { 'x-amz-security-token': '' } },
  'a header that is not x-amz- and not signed': { path: '/b', tamper: { unsignedHeaders: { 'content-type': 'a/b' } } },
  'a signed Expect that a proxy took out': {
    path: '/b',
    headers: { expect: '100-continue' },
    tamper: { headers: { expect: null } },
  },
  'a signed Accept-Encoding that a proxy rewrote': {
    path: '/b',
    headers: { 'accept-encoding': 'identity' },
    tamper: { headers: { 'accept-encoding': 'gzip,gfe' } },
  },
  'a host signed without the default port that a proxy added': {
    path: '/b',
    host: 's3.example.com',
    received: { host: 's3.example.com:443' },
  },
  'a host signed with the default port that was not sent': {
    path: '/b',
    host: 's3.example.com:80',
    received: { host: 's3.example.com', secure: false },
  },
  'components of Authorization without blanks and in another order': {
    path: '/b',
    tamper: { authorization: (text) => text.replace(/ (Cred.*), (Signed.*), (Sig.*)/, '   $3,$1 ,$2') },
  },
};

for (const [name, request] of Object.entries(accepted)) {
  test(`accepts ${name}`, async () => {
    assert.equal((await attempt(request)).principal.kind, 's3-key');
  });
}

type Refusal = { code: string; status: number; message?: RegExp; fields?: Record<string, string | RegExp> };

function refuses(name: string, request: Case, expected: Refusal): void {
  test(`refuses ${name} with ${expected.code}`, async () => {
    const { code, status, message, fields } = await refusal(attempt(request));
    assert.deepEqual({ code, status }, { code: expected.code, status: expected.status });
    if (expected.message) assert.match(message, expected.message);
    for (const [field, value] of Object.entries(expected.fields ?? {})) {
      if (typeof value === 'string') assert.equal(fields[field], value);
      else assert.match(fields[field] ?? '', value);
    }
  });
}

const header = (edit: (text: string) => string): Case => ({ path: '/b', tamper: { authorization: edit } });
const presigned = (edit: (text: string) => string): Case => ({
  path: '/b',
  auth: 'presigned',
  tamper: { authorization: edit },
});
const malformed = { code: 'AuthorizationHeaderMalformed', status: 400 };
const badQuery = { code: 'AuthorizationQueryParametersError', status: 400 };
const mismatch = { code: 'SignatureDoesNotMatch', status: 403 };
const denied = { code: 'AccessDenied', status: 403 };

refuses(
  'a wrong signature',
  { path: '/b', tamper: { signature: (text) => text.replace(/./, 'x') } },
  {
    ...mismatch,
    fields: {
      AWSAccessKeyId: credentials.accessKey,
      StringToSign: /^AWS4-HMAC-SHA256\n\d{8}T\d{6}Z\n\d{8}\/HAN02\/s3\/aws4_request\n[0-9a-f]{64}$/,
      SignatureProvided: /^x[0-9a-f]{63}$/,
      StringToSignBytes: /^41 57 53 34 /,
      CanonicalRequest: /^GET\n\/b\n\nhost:localhost:9000\n/,
      CanonicalRequestBytes: /^47 45 54 0a /,
    },
  },
);
refuses('a short signature', { path: '/b', tamper: { signature: (text) => text.slice(1) } }, mismatch);
refuses('a signature made with another secret', { path: '/b', credentials: { secretKey: 'x' } }, mismatch);
refuses('a path changed after signing', { path: '/bucket/a', tamper: { path: '/bucket/b' } }, mismatch);
refuses('a collapsed path', { path: '/bucket//a/../b', tamper: { path: '/bucket/b' } }, mismatch);
refuses(
  'a signed header changed on the way',
  { path: '/b', headers: { 'x-amz-acl': 'private' }, tamper: { headers: { 'x-amz-acl': 'public-read' } } },
  mismatch,
);
refuses(
  'a payload hash changed on the way',
  { path: '/b', tamper: { headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } } },
  mismatch,
);
refuses('another host', { path: '/b', received: { host: 'elsewhere.example.com' } }, mismatch);
refuses(
  'a parameter added to a presigned URL',
  presigned((query) => `${query}&acl`),
  mismatch,
);
refuses(
  'a presigned URL with a longer life',
  presigned((query) => query.replace('Expires=900', 'Expires=9000')),
  mismatch,
);

refuses(
  'an unsigned x-amz-* header',
  { path: '/b', tamper: { unsignedHeaders: { 'x-amz-acl': 'public-read' } } },
  {
    ...denied,
    message: /headers present in the request which were not signed/,
    fields: { HeadersNotSigned: 'x-amz-acl' },
  },
);
refuses(
  'an unsigned x-amz-* header on a presigned URL',
  { path: '/b', auth: 'presigned', tamper: { unsignedHeaders: { 'x-amz-meta-a': '1' } } },
  {
    ...denied,
    fields: { HeadersNotSigned: 'x-amz-meta-a' },
  },
);
refuses(
  'an unsigned host',
  header((text) => text.replace('host;', '')),
  { ...denied, fields: { HeadersNotSigned: 'host' } },
);

refuses(
  'a clock that is 16 minutes late',
  { path: '/b', skewMs: -16 * 60_000 },
  {
    code: 'RequestTimeTooSkewed',
    status: 403,
    fields: {
      RequestTime: /^\d{8}T\d{6}Z$/,
      ServerTime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
      MaxAllowedSkewMilliseconds: '900000',
    },
  },
);
refuses(
  'a clock that is 16 minutes early',
  { path: '/b', skewMs: 16 * 60_000 },
  { code: 'RequestTimeTooSkewed', status: 403 },
);
refuses(
  'a request without a date',
  { path: '/b', tamper: { headers: { 'x-amz-date': null } } },
  { ...denied, message: /valid Date or x-amz-date header/ },
);
for (const date of ['yesterday', '20261301T000000Z', '20260230T000000Z', '2026-01-01T00:00:00Z', '']) {
  refuses(`the date "${date}"`, { path: '/b', tamper: { headers: { 'x-amz-date': date } } }, denied);
}
refuses(
  'a credential of another day',
  header((text) => text.replace(/\/\d{8}\//, '/20130524/')),
  { ...malformed, message: /Invalid credential date "20130524"/ },
);
refuses(
  'a credential with a broken date',
  header((text) => text.replace(/\/\d{8}\//, '/2013-05-24/')),
  { ...malformed, message: /incorrect date format "2013-05-24"/ },
);

refuses(
  'another region',
  { path: '/b', credentials: { region: 'eu-west-1' } },
  {
    ...malformed,
    message: /the region 'eu-west-1' is wrong; expecting 'HAN02'/,
    fields: { Region: 'HAN02' },
  },
);
refuses(
  'another region in a presigned URL',
  { path: '/b', auth: 'presigned', credentials: { region: 'eu-west-1' } },
  { ...badQuery, fields: { Region: 'HAN02' } },
);
refuses(
  'us-east-1 when regions are strict',
  { path: '/b', credentials: { region: 'us-east-1' }, deps: { strictRegion: true } },
  { ...malformed, fields: { Region: 'HAN02' } },
);
refuses(
  'another service',
  { path: '/b', credentials: { service: 'ec2' } },
  { ...malformed, message: /incorrect service "ec2"/ },
);
refuses(
  'another terminator',
  header((text) => text.replace('aws4_request', 'aws5_request')),
  { ...malformed, message: /aws5_request/ },
);
refuses(
  'a credential that is none',
  header((text) => text.replace(/Credential=[^,]+/, 'Credential=abc')),
  { ...malformed, message: /Credential is mal-formed/ },
);
refuses(
  'Authorization without a signature',
  header((text) => text.replace(/, Signature.*/, '')),
  { ...malformed, message: /missing Signature\.$/ },
);
refuses(
  'Authorization with a component twice',
  header((text) => `${text}, Signature=1`),
  malformed,
);
refuses(
  'Authorization with a stray word',
  header((text) => `${text}, word`),
  malformed,
);

refuses(
  'an unknown access key',
  { path: '/b', credentials: { accessKey: 'nobody' } },
  { code: 'InvalidAccessKeyId', status: 403, fields: { AWSAccessKeyId: 'nobody' } },
);
refuses(
  'an access key that can be none',
  {
    path: '/b',
    credentials: { accessKey: '../x/y' },
    deps: { findSigner: async () => assert.fail('it was looked up') },
  },
  { code: 'InvalidAccessKeyId', status: 403 },
);
refuses(
  'a security token, when all else is right',
  { path: '/b', headers: { 'x-amz-security-token': 'abc' } },
  { code: 'InvalidToken', status: 400 },
);
refuses(
  'a security token in a presigned URL',
  { path: '/b', auth: 'presigned', query: { 'X-Amz-Security-Token': 'abc' } },
  { code: 'InvalidToken', status: 400 },
);
refuses(
  'a security token with a wrong signature',
  { path: '/b', headers: { 'x-amz-security-token': 'abc' }, credentials: { secretKey: 'x' } },
  mismatch,
);

refuses(
  'an expired presigned URL',
  { path: '/b', auth: 'presigned', expiresSeconds: 60, skewMs: -61_000 },
  {
    ...denied,
    message: /^Request has expired$/,
    fields: { Expires: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, ServerTime: /Z$/, 'X-Amz-Expires': '60' },
  },
);
refuses(
  'a presigned URL from the future',
  { path: '/b', auth: 'presigned', skewMs: 16 * 60_000 },
  { ...denied, message: /not valid yet/ },
);
for (const expires of ['0', '-1', '604801', 'soon', '1.5', '']) {
  refuses(`X-Amz-Expires=${expires}`, { path: '/b', auth: 'presigned', expiresSeconds: expires }, badQuery);
}
for (const name of ['Algorithm', 'Credential', 'Date', 'Expires', 'SignedHeaders', 'Signature']) {
  refuses(
    `a presigned URL without X-Amz-${name}`,
    presigned((query) => query.replace(new RegExp(`X-Amz-${name}=[^&]*&?`), '')),
    { ...badQuery, message: /requires the X-Amz-Algorithm/ },
  );
}
refuses(
  'a presigned URL of another algorithm',
  presigned((query) => query.replace('HMAC', 'RSA')),
  badQuery,
);
refuses(
  'a presigned URL with a broken date',
  presigned((query) => query.replace(/Date=[^&]*/, 'Date=2013')),
  { ...badQuery, message: /ISO8601/ },
);
refuses(
  'a presigned URL with a credential of another day',
  presigned((query) => query.replace(/%2F\d{8}%2F/, '%2F20130524%2F')),
  { ...badQuery, message: /Invalid credential date/ },
);

refuses(
  'a request signed in both places',
  { path: '/b', auth: 'presigned', tamper: { headers: { authorization: 'AWS4-HMAC-SHA256 x' } } },
  { code: 'InvalidArgument', status: 400, fields: { ArgumentName: 'Authorization' } },
);
refuses(
  'signature version 2',
  header(() => 'AWS key:signature'),
  { code: 'InvalidRequest', status: 400, message: /Please use AWS4-HMAC-SHA256/ },
);
refuses(
  'signature version 2 in the query',
  { path: '/b', auth: 'anonymous', query: { AWSAccessKeyId: 'a', Signature: 'b', Expires: '1' } },
  { code: 'InvalidRequest', status: 400 },
);
refuses(
  'a bearer token',
  header(() => 'Bearer secret'),
  { code: 'InvalidArgument', status: 400, message: /Unsupported Authorization Type/ },
);
refuses(
  'a missing payload hash',
  { path: '/b', tamper: { headers: { 'x-amz-content-sha256': null } } },
  { code: 'InvalidRequest', status: 400, message: /x-amz-content-sha256/ },
);
refuses(
  'a payload hash that is none',
  { path: '/b', headers: { 'x-amz-content-sha256': 'abc' } },
  { code: 'InvalidArgument', status: 400, message: /^x-amz-content-sha256 must be/ },
);
refuses(
  'signed chunks of nobody',
  { path: '/b', auth: 'anonymous', payload: 'chunked-signed' },
  { code: 'InvalidRequest', status: 400, message: /Anonymous requests/ },
);
refuses(
  'an anonymous payload hash that is none',
  { path: '/b', auth: 'anonymous', headers: { 'x-amz-content-sha256': 'abc' } },
  { code: 'InvalidArgument', status: 400 },
);

test('no refusal holds the secret', async () => {
  for (const request of [
    { path: '/b', tamper: { signature: () => 'x' } },
    { path: '/b', auth: 'presigned', tamper: { signature: () => 'x' } },
  ] as const) {
    assert.doesNotMatch(JSON.stringify(await refusal(attempt(request))), /SSSS/);
  }
});

test('a request with no signature is anonymous', async () => {
  const { principal, bodyProof } = await attempt({ path: '/b', auth: 'anonymous' });
  assert.deepEqual(principal, { kind: 'anonymous' });
  assert.deepEqual(bodyProof, { kind: 'unsigned' });
});

test('the proof of the body is what was signed', async () => {
  const proofs = [
    'signed',
    'unsigned',
    'chunked-signed',
    'chunked-signed-trailer',
    'chunked-unsigned-trailer',
  ] as const;
  const kinds = await Promise.all(
    proofs.map(async (payload) => (await attempt({ method: 'PUT', path: '/b/k', body: 'x', payload })).bodyProof),
  );
  assert.deepEqual(
    kinds.map(({ kind }) => kind),
    ['sha256', 'unsigned', 'chunked', 'chunked', 'chunked'],
  );
  assert.equal((await attempt({ path: '/b', auth: 'presigned' })).bodyProof.kind, 'unsigned');
});

test('a secret that changed under the same access key is used at once', async () => {
  const request = { path: '/b' };
  await attempt(request);
  const renewed = oneKey(credentials.accessKey, 'another secret');
  assert.equal((await refusal(attempt({ ...request, deps: renewed }))).code, 'SignatureDoesNotMatch');
  await attempt({ ...request, deps: renewed, credentials: { secretKey: 'another secret' } });
});
