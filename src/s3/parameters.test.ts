import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeHeader, encodeHeader, urlEncode } from './parameters.ts';

test('URL encoding of listings: space is +, + is %2B, / stays', () => {
  assert.equal(urlEncode('a b+c/d*e~f'), 'a+b%2Bc/d*e%7Ef');
  assert.equal(urlEncode('é\u0000'), '%C3%A9%00');
});

test('every key comes back from a decoder that reads + as a space', () => {
  const decode = (text: string) => decodeURIComponent(text.replaceAll('+', ' '));
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (key) => decode(urlEncode(key)) === key));
});

test('header text goes to bytes and back', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => decodeHeader(encodeHeader(text)) === text));
});

test('a header that is no UTF-8 stays Latin-1', () => {
  assert.equal(decodeHeader('caf\xe9'), 'café');
});
