// The signing examples that AWS publishes: sig-v4-header-based-auth, sigv4-query-string-auth, sigv4-streaming and
// sigv4-streaming-trailers in the S3 API reference.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oneKey } from '../../../test/support/signing-keys.ts';
import { makeRequest } from '../../../test/support/signing-requests.ts';
import { digestOf } from '../../shared/checksums.ts';
import { openBody } from '../body/open-body.ts';

import { authenticate } from './authenticate.ts';
import { parseTimestamp } from './sigv4-time.ts';

const accessKey = 'AKIAIOSFODNN7EXAMPLE';
const deps = {
  ...oneKey(accessKey, 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'),
  clock: () => parseTimestamp('20130524T000000Z') ?? 0,
  region: { name: 'us-east-1' },
  strictRegion: true,
  signatureVersion2: false,
};
const emptySha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

function authorization(signedHeaders: string, signature: string): string {
  return `AWS4-HMAC-SHA256 Credential=${accessKey}/20130524/us-east-1/s3/aws4_request,SignedHeaders=${signedHeaders},Signature=${signature}`;
}

type Example = { method: string; target: string; headers: Record<string, string>; signed: string; signature: string };

const examples: Record<string, Example> = {
  'GET object': {
    method: 'GET',
    target: '/test.txt',
    headers: { range: 'bytes=0-9', 'x-amz-content-sha256': emptySha256 },
    signed: 'host;range;x-amz-content-sha256;x-amz-date',
    signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  },
  'PUT object': {
    method: 'PUT',
    target: '/test$file.text',
    headers: {
      date: 'Fri, 24 May 2013 00:00:00 GMT',
      'x-amz-storage-class': 'REDUCED_REDUNDANCY',
      'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
    },
    signed: 'date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class',
    signature: '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  },
  'GET bucket lifecycle': {
    method: 'GET',
    target: '/?lifecycle',
    headers: { 'x-amz-content-sha256': emptySha256 },
    signed: 'host;x-amz-content-sha256;x-amz-date',
    signature: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
  },
  'list objects': {
    method: 'GET',
    target: '/?max-keys=2&prefix=J',
    headers: { 'x-amz-content-sha256': emptySha256 },
    signed: 'host;x-amz-content-sha256;x-amz-date',
    signature: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  },
};

for (const [name, { method, target, headers, signed, signature }] of Object.entries(examples)) {
  test(`AWS's example of a signed ${name} request is accepted`, async () => {
    const all = {
      host: 'examplebucket.s3.amazonaws.com',
      'x-amz-date': '20130524T000000Z',
      ...headers,
      authorization: authorization(signed, signature),
    };
    const { principal } = await authenticate(deps, makeRequest({ method, target, headers: all }));
    assert.equal(principal.kind, 's3-key');
  });
}

test("AWS's example of a presigned URL is accepted", async () => {
  const target =
    '/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404';
  const request = makeRequest({ method: 'GET', target, headers: { host: 'examplebucket.s3.amazonaws.com' } });
  const { principal } = await authenticate(deps, request);
  assert.equal(principal.kind, 's3-key');
});

const content = Buffer.alloc(66_560, 'a');

/** two chunks and the empty one, with the signatures of the example */
function chunks(signatures: readonly string[], end: string): Buffer {
  const sizes = [65_536, 1024, 0];
  const parts = sizes.map((size, index) =>
    Buffer.concat([
      Buffer.from(`${size.toString(16)};chunk-signature=${signatures[index]}\r\n`),
      content.subarray(0, size),
      Buffer.from(size === 0 ? end : '\r\n'),
    ]),
  );
  return Buffer.concat(parts);
}

const streaming = {
  host: 's3.amazonaws.com',
  'x-amz-date': '20130524T000000Z',
  'x-amz-storage-class': 'REDUCED_REDUNDANCY',
  'content-encoding': 'aws-chunked',
  'x-amz-decoded-content-length': '66560',
};

async function readExample(headers: Record<string, string>, wire: Buffer): Promise<Uint8Array> {
  const request = makeRequest({ method: 'PUT', target: '/examplebucket/chunkObject.txt', headers });
  const { bodyProof } = await authenticate(deps, request);
  const body = openBody(
    bodyProof,
    request,
    (async function* () {
      yield wire;
    })(),
  );
  return await body.bytes(100_000);
}

test("AWS's example of a body signed chunk by chunk is accepted", async () => {
  const wire = chunks(
    [
      'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
      '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
      'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
    ],
    '\r\n',
  );
  assert.equal(wire.length, 66_824);
  const headers = {
    ...streaming,
    'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    'content-length': '66824',
    authorization: authorization(
      'content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class',
      '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
    ),
  };
  assert.deepEqual(await readExample(headers, wire), content);
});

test("AWS's example of a signed body with a signed trailer is accepted", async () => {
  const wire = chunks(
    [
      'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2',
      '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7',
      '2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992',
    ],
    `x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n`,
  );
  const headers = {
    ...streaming,
    'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
    'x-amz-trailer': 'x-amz-checksum-crc32c',
    authorization: authorization(
      'content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer',
      '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e',
    ),
  };
  assert.equal(digestOf('CRC32C', content).toString('base64'), 'sOO8/Q==');
  assert.deepEqual(await readExample(headers, wire), content);
});
