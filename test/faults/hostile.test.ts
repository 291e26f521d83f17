// Input that nobody means well with. Whatever is sent: no process ends, nothing hangs, no answer is 500, and the next
// client is served. Cases are drawn by fast-check (a failing one prints its seed and the smallest input).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import fc from 'fast-check';
import { operations } from '../../src/s3/operations/table.ts';
import { encodeKey } from '../support/raw-s3-request.ts';
import { openTarget, type S3Target } from '../s3/s3-target.ts';

let s3: S3Target;
let bucket: string;
let workers: string;
before(async () => {
  s3 = await openTarget(['--bucket-defaults', 'legacy']);
  bucket = await s3.bucket();
  await s3.raw({ method: 'PUT', path: `/${bucket}/key`, body: 'hello' });
  workers = workerPids();
});
after(() => s3[Symbol.asyncDispose]());

const workerPids = (): string => execFileSync('pgrep', ['-P', String(s3.server?.pid)], { encoding: 'utf8' });

async function assertUnharmed(): Promise<void> {
  const reply = await s3.raw({ path: `/${bucket}/key` });
  assert.deepEqual([reply.status, reply.text], [200, 'hello']);
  assert.equal(workerPids(), workers, 'no worker ended');
}

const TIMEOUT_MS = 10_000;

/** What comes back until the server closes or is silent for `quietMs` after its first bytes. */
function sendRaw(bytes: Uint8Array, quietMs = 150): Promise<string> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(s3.url);
    const socket: TLSSocket = connectTls({ port: Number(port), host: '127.0.0.1', servername: 'localhost', ca: s3.ca });
    let answer = '';
    let quiet: NodeJS.Timeout | undefined;
    const finish = (): void => {
      clearTimeout(quiet);
      clearTimeout(limit);
      socket.destroy();
      resolve(answer);
    };
    const limit = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no end within ${TIMEOUT_MS} ms: ${answer.slice(0, 200)}`));
    }, TIMEOUT_MS);
    socket.once('secureConnect', () => {
      socket.write(bytes);
      quiet = setTimeout(finish, 600);
    });
    socket.setEncoding('latin1').on('data', (text: string) => {
      answer += text;
      clearTimeout(quiet);
      quiet = setTimeout(finish, quietMs);
    });
    socket.on('close', finish);
    // a reset is an answer too
    socket.on('error', finish);
  });
}

const statuses = (answer: string): number[] =>
  [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

function assertNoServerError(answer: string): void {
  for (const status of statuses(answer)) assert.ok(status < 500 || status === 501, answer.slice(0, 400));
}

const plainRequest = (): string =>
  `GET /${bucket}/key HTTP/1.1\r\nHost: localhost\r\nX-Amz-Date: 20261123T000000Z\r\nRange: bytes=0-3\r\n\r\n`;

/** Cuts, doubles, swaps and writes over pieces of a text. */
const edits = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    drop: fc.nat(12),
    put: fc.oneof(
      fc.constantFrom(
        '\r\n',
        '\r',
        '\n',
        '\0',
        ' ',
        ':',
        ',',
        ';',
        '=',
        '%',
        '%00',
        '%2e%2e/',
        '<',
        '"',
        '&amp;',
        '-1',
      ),
      fc.constantFrom('9'.repeat(30), 'A'.repeat(3000), 'ÿ', '\u{1f600}', 'Transfer-Encoding: chunked\r\n'),
      fc.string({ maxLength: 20 }),
    ),
  }),
  { minLength: 1, maxLength: 5 },
);

function edited(text: string, changes: readonly { at: number; drop: number; put: string }[]): string {
  let result = text;
  for (const { at, drop, put } of changes) {
    const index = Math.floor(at * result.length);
    result = result.slice(0, index) + put + result.slice(index + drop);
  }
  return result;
}

test('request lines and headers, edited at random', { timeout: 120_000 }, async () => {
  const property = fc.asyncProperty(edits, async (changes) => {
    assertNoServerError(await sendRaw(Buffer.from(edited(plainRequest(), changes)), 30));
  });
  await fc.assert(property, { numRuns: 60 });
  await assertUnharmed();
});

test('bytes that are no HTTP', async () => {
  const property = fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 2000 }), async (bytes) => {
    assertNoServerError(await sendRaw(bytes, 30));
  });
  await fc.assert(property, { numRuns: 20 });
  await assertUnharmed();
});

test('conflicting lengths and encodings end the connection: what follows is not taken for a request', async () => {
  const smuggled = `GET /${bucket}/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  const heads = [
    'Content-Length: 5\r\nTransfer-Encoding: chunked',
    'Content-Length: 5\r\nContent-Length: 6',
    'Content-Length: 5, 6',
    'Content-Length: +5',
    'Content-Length: 0x5',
    'Content-Length : 5',
    'Transfer-Encoding: chunked, identity',
    'Transfer-Encoding: xchunked',
    'Transfer-Encoding : chunked',
    'Transfer-Encoding: chunked\r\n Transfer-Encoding: x',
    'X: y\r\n folded: Content-Length: 3',
  ];
  for (const head of heads) {
    const answer = await sendRaw(
      Buffer.from(`PUT /${bucket}/a HTTP/1.1\r\nHost: localhost\r\n${head}\r\n\r\n0\r\n\r\n${smuggled}`),
    );
    assertNoServerError(answer);
    assert.ok(statuses(answer).length <= 1, `${head}: ${answer}`);
    assert.ok(
      statuses(answer).every((status) => status >= 400),
      head,
    );
  }
  await assertUnharmed();
});

test('requests sent at once on one connection are answered in order', async () => {
  const one = (index: number): string => `GET /none-${index} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  const answer = await sendRaw(Buffer.from(Array.from({ length: 40 }, (_, index) => one(index)).join('')), 500);
  const named = [...answer.matchAll(/<Resource>\/none-(\d+)<\/Resource>|<BucketName>none-(\d+)</g)].map(([, a, b]) =>
    Number(a ?? b),
  );
  assert.equal(statuses(answer).length, 40);
  assert.deepEqual(
    named,
    named.toSorted((a, b) => a - b),
  );
});

test('chunk framing, edited at random, is never stored as something else', { timeout: 120_000 }, async () => {
  const body = Buffer.alloc(20_000, 'b');
  const payloads = ['chunked-signed', 'chunked-signed-trailer', 'chunked-unsigned-trailer'] as const;
  const property = fc.asyncProperty(edits, fc.constantFrom(...payloads), fc.nat(1000), async (changes, payload, n) => {
    const path = `/${bucket}/chunked-${n}`;
    const wire = (bytes: Buffer): Buffer => {
      const changed = Buffer.from(edited(bytes.toString('latin1'), changes), 'latin1');
      // as long as it was: a shorter one would only be waited for
      return Buffer.concat([changed, Buffer.alloc(bytes.length, 'z')]).subarray(0, bytes.length);
    };
    const tamper = { wire };
    const reply = await s3.raw({ method: 'PUT', path, body, payload, chunkBytes: 8192, checksum: 'CRC32C', tamper });
    assert.ok(reply.status < 500 || reply.status === 501, `${reply.status} ${reply.text}`);
    const stored = await s3.raw({ path });
    if (reply.status === 200) assert.ok(stored.body.equals(body), 'only an edit that changes nothing is let pass');
    else assert.equal(stored.status, 404);
    await s3.raw({ method: 'DELETE', path });
  });
  await fc.assert(property, { numRuns: 40 });
  await assertUnharmed();
});

const entityBomb = `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">${Array.from(
  { length: 9 },
  (_, level) => `<!ENTITY a${level + 1} "${`&a${level === 0 ? '' : level};`.repeat(10)}">`,
).join('')}]><Tagging><TagSet><Tag><Key>&a9;</Key><Value>x</Value></Tag></TagSet></Tagging>`;

const hostileXml: Readonly<Record<string, string | Uint8Array>> = {
  'an entity bomb': entityBomb,
  'an external entity': '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Tagging><TagSet>&x;</TagSet></Tagging>',
  'a parameter entity': '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:1/"> %x;]><Tagging/>',
  'ten thousand levels': '<a>'.repeat(10_000),
  'a hundred thousand attributes': `<Tagging ${Array.from({ length: 20_000 }, (_, n) => `a${n}="b"`).join(' ')}/>`,
  'bytes that are no UTF-8': Buffer.from([0x3c, 0x61, 0x3e, 0xff, 0xfe, 0x3c, 0x2f, 0x61, 0x3e]),
  'a NUL': '<Tagging>\0</Tagging>',
  'a name of a prototype': '<Tagging><__proto__><constructor>x</constructor></__proto__></Tagging>',
  'a comment without an end': '<!-- ',
  'a CDATA without an end': '<Tagging><![CDATA[',
  nothing: '',
  'something that is no XML': '{"json": true}',
  'a number of a billion digits worth of zeros': `<Tagging>${'&#0000000000000000000000000065;'.repeat(2000)}</Tagging>`,
};

const takesXml = operations.filter(
  ({ method, target, implemented, form, match }) =>
    (method === 'PUT' || method === 'POST') &&
    target !== 'service' &&
    implemented === 'yes' &&
    !form &&
    match.some((selector) => !selector.includes('partNumber') && !selector.startsWith('header:')),
);

test('hostile XML is a 400 for every operation that takes XML, at once', { timeout: 120_000 }, async () => {
  assert.ok(takesXml.length >= 15);
  for (const operation of takesXml) {
    const query = operation.match.map((selector) =>
      selector === 'uploadId' ? `uploadId=${'0'.repeat(32)}` : selector,
    );
    for (const [name, body] of Object.entries(hostileXml)) {
      const path = operation.target === 'object' ? `/${bucket}/key` : `/${bucket}`;
      const begunMs = performance.now();
      const reply = await s3.raw({ method: operation.method, path, query: query.join('&'), body, checksum: 'SHA256' });
      assert.ok(reply.status < 500, `${operation.name}, ${name}: ${reply.status} ${reply.text}`);
      assert.ok(!reply.text.includes('root:'), `${operation.name}, ${name}`);
      assert.ok(performance.now() - begunMs < 3_000, `${operation.name}, ${name} takes too long`);
    }
  }
  await assertUnharmed();
});

test('an XML body beyond the limit is refused before it is read', async () => {
  const body = Buffer.alloc(6 * 2 ** 20, ' ');
  const reply = await s3.raw({ method: 'PUT', path: `/${bucket}`, query: 'tagging', body });
  assert.ok([400, 413].includes(reply.status), reply.text);
});

test('policies made to cost time and memory', { timeout: 60_000 }, async () => {
  const resource = `arn:aws:s3:::${bucket}/*`;
  const put = (document: unknown) =>
    s3.raw({
      method: 'PUT',
      path: `/${bucket}`,
      query: 'policy',
      body: typeof document === 'string' ? document : JSON.stringify(document),
    });
  const statement = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: resource };
  const stars = `arn:aws:s3:::${bucket}/${'*a'.repeat(300)}`;
  assert.equal((await put({ Statement: { ...statement, Resource: stars } })).status, 204);
  const begunMs = performance.now();
  const longKey = 'a'.repeat(1000);
  await s3.raw({ path: `/${bucket}/${longKey}b`, auth: 'anonymous' });
  assert.ok(performance.now() - begunMs < 1_000, 'wildcards take no exponential time');
  const refused: unknown[] = [
    `${'{"Statement":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
    '['.repeat(50_000),
    '{"__proto__":{"Statement":[]}}',
    '{"Statement":[{"Effect":"Allow","Effect":"Deny"}]}',
    { Statement: Array.from({ length: 5_000 }, () => statement) },
    { Statement: { ...statement, Condition: { StringLike: { 'aws:Referer': { a: 1 } } } } },
    '\ufeff{}',
    'null',
    '"x"',
  ];
  for (const document of refused) {
    const reply = await put(document);
    assert.ok(reply.status >= 400 && reply.status < 500, `${JSON.stringify(document).slice(0, 80)}: ${reply.status}`);
  }
  await s3.raw({ method: 'DELETE', path: `/${bucket}`, query: 'policy' });
  await assertUnharmed();
});

test('keys like paths of other systems, NUL, control characters and 1,024 bytes come back as they were sent', async () => {
  const keys = [
    '../../etc/passwd',
    '/leading',
    'a//b',
    './a',
    'a/../b',
    '..',
    '.',
    ' ',
    'a\u0000b',
    'a\nb\r\tc',
    '\u007f\u0001\u001f',
    'C:\\windows\\system32',
    '%2e%2e%2f',
    'ключ/鍵/\u{1f511}',
    'e\u0301 é',
    '<script>alert(1)</script>',
    "'; DROP TABLE objects; --",
    'con',
    'x'.repeat(1024),
    '\u{1f511}'.repeat(256),
  ];
  const own = await s3.bucket();
  for (const key of keys) {
    const path = `/${own}/${encodeKey(key)}`;
    const put = await s3.raw({ method: 'PUT', path, body: key });
    assert.equal(put.status, 200, `${JSON.stringify(key)}: ${put.text}`);
    assert.equal((await s3.raw({ path })).body.toString(), key, JSON.stringify(key));
  }
  const listed = await s3.raw({ path: `/${own}`, query: 'list-type=2&encoding-type=url' });
  const names = [...listed.text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, name = '']) =>
    decodeURIComponent(name.replaceAll('+', ' ')),
  );
  const sorted = keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  assert.deepEqual(names, sorted);
  for (const tooLong of ['x'.repeat(1025), '\u{1f511}'.repeat(256) + 'a']) {
    const reply = await s3.raw({ method: 'PUT', path: `/${own}/${encodeKey(tooLong)}`, body: 'x' });
    assert.deepEqual([reply.status, reply.code], [400, 'KeyTooLongError']);
  }
  for (const broken of ['%ff', '%c3', '%', '%zz', '%ed%a0%80']) {
    const reply = await s3.raw({ method: 'PUT', path: `/${own}/${broken}`, body: 'x' });
    assert.ok(reply.status >= 400 && reply.status < 500, `${broken}: ${reply.status}`);
  }
});

test('query parameters and headers with absurd values are refused precisely', async () => {
  const absurd = ['-1', '1e9', '99999999999999999999', 'NaN', '0x10', ' 5', '٣', '1,2', '\u0000', 'a'.repeat(2000)];
  for (const value of absurd) {
    const encoded = encodeURIComponent(value);
    const requests = [
      `/${bucket}?list-type=2&max-keys=${encoded}`,
      `/${bucket}?max-uploads=${encoded}&uploads`,
      `/${bucket}/key?partNumber=${encoded}`,
      `/${bucket}/key?versionId=${encoded}`,
      `/${bucket}/key?uploadId=${encoded}`,
      `/${bucket}?list-type=2&continuation-token=${encoded}`,
      `/${bucket}?versions&key-marker=a&version-id-marker=${encoded}`,
    ];
    for (const request of requests) {
      const [path = '', query = ''] = request.split('?');
      const reply = await s3.raw({ path, query });
      assert.ok(reply.status < 500, `${request.slice(0, 120)}: ${reply.status}`);
    }
    const headers = /^[ -~]*$/.test(value)
      ? { range: `bytes=${value}`, 'if-modified-since': value, 'x-amz-expected-bucket-owner': value }
      : {};
    for (const [name, text] of Object.entries(headers)) {
      assert.ok((await s3.raw({ path: `/${bucket}/key`, headers: { [name]: text } })).status < 500, `${name}: ${text}`);
    }
  }
  await assertUnharmed();
});
