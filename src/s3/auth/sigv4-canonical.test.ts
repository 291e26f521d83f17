// Our canonical form against that of AWS's own signer, on keys, parameters and headers nobody would choose.
import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { test } from 'node:test';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { encodeKey } from '../../../test/support/raw-s3-request.ts';
import { oneKey } from '../../../test/support/signing-keys.ts';
import { makeRequest } from '../../../test/support/signing-requests.ts';
import { authenticate } from './authenticate.ts';
import { canonicalHeaderValue, canonicalPath, canonicalQuery } from './sigv4-canonical.ts';

class Sha256 {
  readonly #hash;
  constructor(secret?: unknown) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as string | Uint8Array);
  }
  update(data: Uint8Array): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}

const credentials = { accessKeyId: 'A'.repeat(20), secretAccessKey: 'secret' };
const signer = new SignatureV4({ service: 's3', region: 'HAN02', credentials, sha256: Sha256, uriEscapePath: false });
const deps = {
  ...oneKey(credentials.accessKeyId, credentials.secretAccessKey),
  clock: Date.now,
  region: { name: 'HAN02' },
  strictRegion: true,
  signatureVersion2: false,
};

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({
    unit: fc.constantFrom('/', '.', '..', '+', '%', '%2F', ' ', '~', '*', "'", '(', ')', 'é', '𝄞', '\u0001'),
    maxLength: 12,
  }),
);
/** no CR and LF: HTTP cannot carry them. é: Node sends one byte, AWS's signer signs the two of UTF-8. */
const headerValue = fc.string({
  unit: fc.constantFrom('a', 'B', 'é', ' ', '  ', '\t', ',', ';', '=', '"', '%'),
  maxLength: 20,
});
const request = fc.record({
  key: hostile,
  query: fc.dictionary(
    // AWS's signer keeps the query in plain objects, where `__proto__` is no name
    hostile.filter((name) => name !== '' && name !== '__proto__' && !/^x-amz-/i.test(name)),
    hostile,
    { maxKeys: 5 },
  ),
  headers: fc.dictionary(fc.stringMatching(/^x-amz-meta-[a-z0-9-]{1,8}$/), headerValue, { maxKeys: 4 }),
});

type Sent = { method: string; path: string; query?: unknown; headers: Record<string, string> };

const escapeStrictly = (text: string): string => encodeKey(text).replaceAll('/', '%2F');

function onTheWire({ method, path, query, headers }: Sent): ReturnType<typeof makeRequest> {
  const text = Object.entries((query ?? {}) as Record<string, string>)
    .map(([name, value]) => `${escapeStrictly(name)}=${escapeStrictly(value)}`)
    .join('&');
  return makeRequest({ method, target: text === '' ? path : `${path}?${text}`, headers });
}

function unsigned({
  key,
  query,
  headers,
}: {
  key: string;
  query: Record<string, string>;
  headers: Record<string, string>;
}): {
  method: string;
  protocol: string;
  hostname: string;
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
} {
  const path = `/bucket/${encodeKey(key)}`;
  return {
    method: 'PUT',
    protocol: 'https:',
    hostname: 'localhost',
    path,
    query,
    headers: { ...headers, host: 'localhost' },
  };
}

test("what AWS's signer signs in headers is accepted, whatever the key, query and metadata", async () => {
  await fc.assert(
    fc.asyncProperty(request, async (given) => {
      const plain = unsigned(given);
      const signed = await signer.sign({
        ...plain,
        headers: { ...plain.headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
      });
      assert.equal((await authenticate(deps, onTheWire(signed))).principal.kind, 's3-key');
    }),
  );
});

test("what AWS's signer presigns is accepted, whatever the key, query and metadata", async () => {
  await fc.assert(
    fc.asyncProperty(request, async (given) => {
      const plain = unsigned(given);
      // as the S3 presigner does
      plain.headers['X-Amz-Content-Sha256'] = 'UNSIGNED-PAYLOAD';
      const signed = await signer.presign(plain, {
        expiresIn: 60,
        unhoistableHeaders: new Set(Object.keys(given.headers)),
      });
      assert.equal((await authenticate(deps, onTheWire(signed))).principal.kind, 's3-key');
    }),
  );
});

test('a client that signs its path as it sends it is accepted', async () => {
  for (const path of ['/b/a%2Fb', '/b/%c3%a9', '/b/a+b', '/b/%7E']) {
    const headers = { host: 'localhost', 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
    const signed = await signer.sign({ method: 'GET', protocol: 'https:', hostname: 'localhost', path, headers });
    assert.equal((await authenticate(deps, onTheWire(signed))).principal.kind, 's3-key');
  }
});

/** one of the ways to write a byte into a URL */
const escapeSomehow = (text: string, choice: (count: number) => number): string =>
  [...Buffer.from(text)]
    .map((byte) => {
      const hex = byte.toString(16).padStart(2, '0');
      const plain = String.fromCharCode(byte);
      const ways = [`%${hex}`, `%${hex.toUpperCase()}`, ...(/[A-Za-z0-9~!*'():@$,-]/.test(plain) ? [plain] : [])];
      return ways[choice(ways.length)];
    })
    .join('');

test('a URL has one canonical form, however it is escaped', () => {
  fc.assert(
    fc.property(hostile, hostile, fc.gen(), (key, value, gen) => {
      const choice = (count: number): number => gen(fc.nat, count - 1);
      assert.equal(canonicalPath(`/b/${escapeSomehow(key, choice)}`), `/b/${encodeKey(key)}`);
      assert.equal(canonicalQuery(`p=${escapeSomehow(value, choice)}`, null), `p=${escapeStrictly(value)}`);
    }),
  );
});

test('the canonical query is sorted by name and then by value, as bytes', () => {
  assert.equal(canonicalQuery('b=2&a=2&a=1&a-b=0&B=1&&acl', null), 'B=1&a=1&a=2&a-b=0&acl=&b=2');
  assert.equal(canonicalQuery('z=1&X-Amz-Signature=x&%C3%A9=1', 'X-Amz-Signature'), '%C3%A9=1&z=1');
});

test('what is no escape and no UTF-8 stays what it is', () => {
  assert.equal(canonicalPath('/b/%ff%zz%'), '/b/%FF%25zz%25');
  assert.equal(canonicalPath('/b/\xff'), '/b/%FF');
  assert.equal(canonicalQuery('a=%ff&b=%&c=+', null), 'a=%FF&b=%25&c=%20');
});

test('a path is never collapsed', () => {
  for (const path of ['/', '//', '/b//', '/b/./../c/', '/b/a//b/']) assert.equal(canonicalPath(path), path);
});

test('header values lose blanks at their ends and runs of blanks inside', () => {
  assert.equal(canonicalHeaderValue('  a  b\t\tc "d  e" '), 'a b c "d e"');
});
