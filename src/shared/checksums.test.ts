import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  checksumNames,
  combineChecksums,
  crc32Combine,
  crc32cCombine,
  crc64nvmeCombine,
  createHasher,
  digestOf,
  parseDigest,
} from './checksums.ts';

const check = Buffer.from('123456789');

test('every checksum of "123456789" is the published check value', () => {
  assert.equal(digestOf('CRC32', check).toString('hex'), 'cbf43926');
  assert.equal(digestOf('CRC32C', check).toString('hex'), 'e3069283');
  assert.equal(digestOf('CRC64NVME', check).toString('hex'), 'ae8b14860a799888');
  assert.equal(digestOf('MD5', check).toString('hex'), '25f9e794323b453885f5181f1b624d0b');
  assert.equal(digestOf('SHA1', check).toString('hex'), 'f7c3bc1d808e04732adf679965ccc34ca7ae3441');
  assert.equal(
    digestOf('SHA256', check).toString('hex'),
    '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225',
  );
});

test('the xxHashes of nothing, of little and of much are those of xxhsum', () => {
  const much = Buffer.from(Array.from({ length: 10_000 }, (_, index) => index % 251));
  const expected = {
    XXHASH64: ['ef46db3751d8e999', '8cb841db40e6ae83', 'b3dba2084c8288c4'],
    XXHASH3: ['2d06800538d394c2', '72dcb18b67a17dff', '1cb3abee1c2fc1c4'],
    XXHASH128: [
      '99aa06d3014798d86001c324468d497f',
      '33119477ede5dcd5e9716427681d5860',
      '89dec82a789965e61cb3abee1c2fc1c4',
    ],
  };
  for (const name of ['XXHASH64', 'XXHASH3', 'XXHASH128'] as const) {
    const found = [Buffer.alloc(0), check, much].map((bytes) => digestOf(name, bytes).toString('hex'));
    assert.deepEqual(found, expected[name], name);
  }
});

test('CRC64NVME of nothing and of zeros is as published', () => {
  assert.equal(digestOf('CRC64NVME', Buffer.alloc(0)).toString('hex'), '0000000000000000');
  assert.equal(digestOf('CRC64NVME', Buffer.alloc(4096)).toString('hex'), '6482d367eb22b64e');
  assert.equal(digestOf('CRC64NVME', Buffer.alloc(4096, 0xff)).toString('hex'), 'c0ddba7302eca3ac');
});

/** bytes at any alignment, cut at any places */
const cutBytes = fc.record({
  bytes: fc.uint8Array({ maxLength: 300 }),
  offset: fc.nat(7),
  cuts: fc.array(fc.nat(300), { maxLength: 5 }),
});

for (const name of checksumNames) {
  test(`${name} does not depend on how the bytes are cut or aligned`, () => {
    fc.assert(
      fc.property(cutBytes, ({ bytes, offset, cuts }) => {
        const shifted = new Uint8Array(bytes.length + offset).subarray(offset);
        shifted.set(bytes);
        const hasher = createHasher(name);
        const edges = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).toSorted((a, b) => a - b), bytes.length];
        for (const [index, end] of edges.slice(1).entries()) hasher.update(shifted.subarray(edges[index], end));
        assert.deepEqual(hasher.digest(), digestOf(name, Buffer.from(bytes)));
      }),
    );
  });
}

for (const name of checksumNames) {
  test(`${name} of streams that take turns is that of each alone`, () => {
    const turns = fc.array(fc.tuple(fc.nat(2), fc.uint8Array({ maxLength: 400 })), { maxLength: 20 });
    fc.assert(
      fc.property(turns, (chunks) => {
        const hashers = [0, 1, 2].map(() => createHasher(name));
        for (const [stream, chunk] of chunks) hashers[stream]?.update(chunk);
        const alone = [0, 1, 2].map((stream) => chunks.filter(([of]) => of === stream).map(([, chunk]) => chunk));
        assert.deepEqual(
          hashers.map((hasher) => hasher.digest()),
          alone.map((own) => digestOf(name, Buffer.concat(own))),
        );
      }),
    );
  });
}

for (const name of ['CRC32', 'CRC32C', 'CRC64NVME'] as const) {
  test(`${name} of two strings combines to that of both`, () => {
    const bytes = fc.uint8Array({ maxLength: 2000 });
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        const [first, second] = [a, b].map((part) => digestOf(name, part).toString('base64'));
        const whole = digestOf(name, Buffer.concat([a, b])).toString('base64');
        assert.equal(combineChecksums(name, first ?? '', second ?? '', b.length), whole);
      }),
    );
  });
}

test('combining on numbers agrees with combining on base64, at lengths beyond 32 bits too', () => {
  const tail = Buffer.alloc(8 * 1024 * 1024);
  assert.equal(
    crc32Combine(0xcbf43926, digestOf('CRC32', check).readUInt32BE(), 9),
    digestOf('CRC32', Buffer.concat([check, check])).readUInt32BE(),
  );
  assert.equal(
    crc32cCombine(0xe3069283, digestOf('CRC32C', tail).readUInt32BE(), tail.length),
    digestOf('CRC32C', Buffer.concat([check, tail])).readUInt32BE(),
  );
  // appending 8, 8, 16, 32 … MiB of one content until the tail is 8 TiB must agree with appending it at once
  let crcTail = digestOf('CRC64NVME', tail).readBigUInt64BE();
  let length = tail.length;
  let crcAll = crc64nvmeCombine(0xae8b14860a799888n, crcTail, length);
  for (let doubling = 0; doubling < 20; doubling++) {
    crcAll = crc64nvmeCombine(crcAll, crcTail, length);
    crcTail = crc64nvmeCombine(crcTail, crcTail, length);
    length *= 2;
  }
  assert.equal(length, 8 * 2 ** 40);
  assert.equal(crcAll, crc64nvmeCombine(0xae8b14860a799888n, crcTail, length));
});

test('a digest is read only from its exact base64', () => {
  const text = digestOf('CRC32', check).toString('base64');
  assert.deepEqual(parseDigest('CRC32', text), digestOf('CRC32', check));
  for (const bad of [
    '',
    text.slice(0, -1),
    `${text} `,
    `${text.slice(0, -2)}_=`,
    'AAAA',
    'not base64!',
    `${text}${text}`,
  ]) {
    assert.equal(parseDigest('CRC32', bad), null, bad);
  }
});
