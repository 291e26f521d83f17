import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Form, parseBoundary, readForm } from './form-data.ts';
import { parsePartHeaders } from './form-part-headers.ts';

const BOUNDARY = 'b0undary';

async function* inPieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let index = 0; at < bytes.length; index++) {
    const size = sizes[index % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

const part = (name: string, value: string | Uint8Array, extra = ''): Buffer =>
  Buffer.concat([
    Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${extra}\r\n\r\n`),
    Buffer.from(value),
    Buffer.from('\r\n'),
  ]);

const END = Buffer.from(`--${BOUNDARY}--\r\n`);

async function fileOf(form: Form): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of form.file?.chunks ?? []) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const read = (body: Uint8Array, sizes: readonly number[] = [65_536]): Promise<Form> =>
  readForm(BOUNDARY, inPieces(body, sizes));

test('fields and file come out whole however the bytes are cut, delimiters that almost stand in the file included', async () => {
  const tricky = fc.constantFrom(
    '\r',
    '\n',
    '\r\n',
    '--',
    `--${BOUNDARY}`,
    `\r\n--${BOUNDARY.slice(0, -1)}`,
    'x',
    '\0',
    'é',
  );
  const file = fc.array(tricky, { maxLength: 40 }).map((pieces) => pieces.join('').replaceAll(`\r\n--${BOUNDARY}`, ''));
  const value = fc.array(tricky, { maxLength: 5 }).map((pieces) => pieces.join('').replaceAll(`\r\n--${BOUNDARY}`, ''));
  const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 });
  const property = fc.asyncProperty(value, file, sizes, async (first, content, cuts) => {
    const body = Buffer.concat([part('Key', first), part('file', content, '; filename="a"'), part('key', 'late'), END]);
    const form = await read(body, cuts);
    assert.deepEqual([...form.fields], [['key', first]]);
    assert.equal((await fileOf(form)).toString(), content);
    await form[Symbol.asyncDispose]();
  });
  await fc.assert(property, { numRuns: 300 });
});

test('a preamble before the first delimiter is skipped, and a form without a file is known to have none', async () => {
  const form = await read(Buffer.concat([Buffer.from('hello\r\n'), part('a', '1'), END]));
  assert.deepEqual([[...form.fields], form.file], [[['a', '1']], null]);
});

test('what is cut off is IncompleteBody, in the fields and in the file', async () => {
  const body = Buffer.concat([part('a', '1'), part('file', 'content', '; filename="a"'), END]);
  const fileAt = body.indexOf('content');
  for (let length = 0; length < body.length; length += 7) {
    const whole = read(body.subarray(0, length)).then(fileOf);
    if (length < fileAt + 'content'.length + BOUNDARY.length + 4) {
      await assert.rejects(whole, { code: 'IncompleteBody' }, `${length} bytes`);
    } else {
      assert.equal((await whole).toString(), 'content');
    }
  }
});

test('every part of a form has a bound', async () => {
  const long = 'x'.repeat(20_000);
  await assert.rejects(read(Buffer.concat([part('a', long), END])), { code: 'MaxPostPreDataLengthExceeded' });
  const many = Array.from({ length: 101 }, (_, index) => part(`f${index}`, ''));
  await assert.rejects(read(Buffer.concat([...many, END])), { code: 'MaxPostPreDataLengthExceeded' });
  await assert.rejects(read(Buffer.concat([part('a', '1', `; x="${long}"`), END])), { code: 'MalformedPOSTRequest' });
  await assert.rejects(read(Buffer.from(long)), { code: 'MalformedPOSTRequest' });
});

test('a field given twice, in any case, is refused', async () => {
  await assert.rejects(read(Buffer.concat([part('acl', 'a'), part('ACL', 'b'), END])), { code: 'InvalidArgument' });
});

test('the boundary is read with or without quotes, and another type is no form', () => {
  assert.equal(parseBoundary('multipart/form-data; boundary=abc'), 'abc');
  assert.equal(parseBoundary('Multipart/Form-Data; charset=utf-8; Boundary="a b"'), 'a b');
  assert.throws(() => parseBoundary('application/x-www-form-urlencoded'), { code: 'PreconditionFailed' });
  assert.throws(() => parseBoundary('multipart/form-data'), { code: 'MalformedPOSTRequest' });
  assert.throws(() => parseBoundary(`multipart/form-data; boundary=${'x'.repeat(201)}`), {
    code: 'MalformedPOSTRequest',
  });
});

test('names of files are read as browsers and libraries write them', () => {
  const name = (rest: string): string | null =>
    parsePartHeaders(Buffer.from(`Content-Disposition: form-data; name="file"${rest}`)).filename;
  assert.equal(name('; filename="a b.txt"'), 'a b.txt');
  assert.equal(name('; filename=plain.txt'), 'plain.txt');
  assert.equal(name('; filename="C:\\dir\\a.txt"'), 'C:\\dir\\a.txt');
  assert.equal(name('; filename="say \\"hi\\".txt"'), 'say "hi".txt');
  assert.equal(name('; filename="x"; filename*=utf-8\'\'m%C3%A8o.txt'), 'mèo.txt');
  assert.equal(name(''), null);
  assert.throws(() => parsePartHeaders(Buffer.from('Content-Disposition: form-data')), {
    code: 'MalformedPOSTRequest',
  });
  assert.throws(() => parsePartHeaders(Buffer.from('Content-Type: a/b')), { code: 'MalformedPOSTRequest' });
});
