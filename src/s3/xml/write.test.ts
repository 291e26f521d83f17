import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readXml } from './read.ts';
import { escapeText } from '../../shared/xml-text.ts';
import { element, errorDocument, group, isoTime, resultDocument } from './write.ts';

test('text is escaped so that a reader gets every character back', () => {
  const key = 'a&b<c>d"e\'f\r\n\tg\u0001h\u{1f600}';
  const xml = errorDocument(element('Key', key));
  assert.equal(readXml(Buffer.from(xml), 'Error').children[0]?.text, key);
});

test('control characters become references', () => {
  assert.equal(escapeText('a\u0000b\rc'), 'a&#x0;b&#xd;c');
});

test('results carry the namespace and errors do not', () => {
  assert.match(
    resultDocument('R', element('A', 1)),
    /<R xmlns="http:\/\/s3.amazonaws.com\/doc\/2006-03-01\/"><A>1<\/A><\/R>$/,
  );
  assert.match(errorDocument(group('A', element('B', true))), /\n<Error><A><B>true<\/B><\/A><\/Error>$/);
});

test('absent values leave no element', () => {
  assert.equal(element('A', undefined) + element('A', null), '');
  assert.equal(element('A', ''), '<A></A>');
});

test('times are whole seconds, before 1970 and after the year 9999 too', () => {
  for (const time of ['2026-11-23T17:54:04', '2026-11-23T00:00:00', '2026-11-24T23:59:59', '1969-12-31T23:59:58']) {
    assert.equal(isoTime(Date.parse(`${time}.987Z`)), `${time}.000Z`);
  }
  assert.equal(isoTime(Date.UTC(12345, 0, 2, 3, 4, 5)), '+012345-01-02T03:04:05.000Z');
});
