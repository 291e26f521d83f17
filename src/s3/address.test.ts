import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeUriBytes, parseAddress } from './address.ts';

const domains = ['s3.localhost', 'eu.s3.localhost'];
const at = (host: string, path: string) => {
  const { bucket, key } = parseAddress(host, path, domains);
  return [bucket, key];
};

test('path style: the first segment is the bucket, the rest the key', () => {
  assert.deepEqual(at('localhost:9000', '/'), [null, null]);
  assert.deepEqual(at('localhost:9000', '/photos'), ['photos', null]);
  assert.deepEqual(at('127.0.0.1', '/photos/'), ['photos', null]);
  assert.deepEqual(at('s3.localhost:9000', '/photos/a/b'), ['photos', 'a/b']);
  assert.deepEqual(at('unknown.example.com', '/photos/a'), ['photos', 'a']);
  assert.deepEqual(at('[::1]:9000', '/photos/a'), ['photos', 'a']);
});

test('virtual-host style: the bucket stands before the domain, whatever case and port', () => {
  assert.deepEqual(at('photos.s3.localhost', '/'), ['photos', null]);
  assert.deepEqual(at('Photos.S3.localhost:9000', '/a/b'), ['photos', 'a/b']);
  assert.deepEqual(at('my.photos.s3.localhost', '/a'), ['my.photos', 'a']);
});

test('of two domains the longer one counts', () => {
  assert.deepEqual(at('photos.eu.s3.localhost', '/a'), ['photos', 'a']);
});

test('a key keeps every character: slashes, dots, NUL, plus, encoded slashes', () => {
  for (const [path, key] of [
    ['//', '/'],
    ['//a', '/a'],
    ['/a//b', 'a//b'],
    ['/../x', '../x'],
    ['/a/./b/', 'a/./b/'],
    ['/a%00b', 'a\u0000b'],
    ['/a+b', 'a+b'],
    ['/a%2Fb', 'a/b'],
    ['/%E2%82%AC', '€'],
    ['/a%3Fb', 'a?b'],
    ['/%EF%BB%BFa', '\ufeffa'],
  ] as const) {
    assert.deepEqual(at('localhost', `/photos${path}`), ['photos', key]);
  }
});

test('bytes sent without percent-encoding are read as UTF-8', () => {
  assert.equal(decodeUriBytes(Buffer.from('é').toString('latin1')), 'é');
});

test('what is no percent-encoded UTF-8 is InvalidURI', () => {
  for (const path of ['/photos/%', '/photos/%4', '/photos/%zz', '/photos/%ff', '/photos/%ED%A0%80', 'photos']) {
    assert.throws(() => at('localhost', path), { code: 'InvalidURI' }, path);
  }
});

test('a key may have 1,024 bytes of UTF-8, not one more', () => {
  assert.deepEqual(at('localhost', `/photos/${'k'.repeat(1024)}`)[1]?.length, 1024);
  assert.throws(() => at('localhost', `/photos/${'k'.repeat(1023)}%C3%A9`), { code: 'KeyTooLongError' });
});

test('a bucket name that cannot exist is InvalidBucketName', () => {
  for (const path of ['//key', '/AB', '/Photos', '/a..b/key', '/192.168.0.1/key']) {
    assert.throws(() => at('localhost', path), { code: 'InvalidBucketName' }, path);
  }
});
