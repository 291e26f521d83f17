import assert from 'node:assert/strict';
import { test } from 'node:test';
import { childrenNamed, childText, readXml } from './read.ts';

const read = (text: string, root = 'Delete') => readXml(Buffer.from(text), root);
const refuses = (text: string) => assert.throws(() => read(text), { code: 'MalformedXML' });

test('a request is read with the namespace, without it, and with a prefix', () => {
  for (const xml of [
    '<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Object><Key>a</Key></Object></Delete>',
    '<?xml version="1.0" encoding="UTF-8"?>\n<Delete><Object><Key>a</Key></Object></Delete>\n',
    '<s3:Delete xmlns:s3="http://s3.amazonaws.com/doc/2006-03-01/"><s3:Object><s3:Key>a</s3:Key></s3:Object></s3:Delete>',
  ]) {
    const objects = childrenNamed(read(xml), 'Object');
    assert.deepEqual(
      objects.map((object) => childText(object, 'Key')),
      ['a'],
    );
  }
});

test('keys keep their white space, references and CDATA', () => {
  const keys = ['<Key> a  b </Key>', '<Key>&amp;&lt;&#x1F600;&#13;</Key>', '<Key><![CDATA[a&amp;<b]]></Key>', '<Key/>'];
  const root = read(`<Delete>${keys.map((key) => `<Object>${key}</Object>`).join('')}</Delete>`);
  assert.deepEqual(
    childrenNamed(root, 'Object').map((object) => childText(object, 'Key')),
    [' a  b ', '&<\u{1f600}\r', 'a&amp;<b', ''],
  );
});

test('numbers and booleans stay text', () => {
  assert.equal(childText(read('<Delete><Key>007</Key></Delete>'), 'Key'), '007');
  assert.equal(childText(read('<Delete><Key>true</Key></Delete>'), 'Key'), 'true');
});

test('names of prototype properties reach no prototype', () => {
  refuses('<Delete><constructor>x</constructor></Delete>');
  refuses('<Delete><__proto__><Quiet>true</Quiet></__proto__></Delete>');
});

test('what is not well formed is refused', () => {
  for (const xml of [
    '',
    'text',
    '<Delete>',
    '<Delete></Object>',
    '<Other/>',
    '<Delete/><Delete/>',
    '<Delete>&unknown;</Delete>',
    '<Delete>&#xD800;</Delete>',
    '<Delete>a & b</Delete>',
  ])
    refuses(xml);
});

test('a document type is refused before it is looked at', () => {
  refuses('<!DOCTYPE lolz [<!ENTITY lol "lol">]><Delete>&lol;</Delete>');
});

test('deep nesting is refused', () => {
  refuses(`<Delete>${'<a>'.repeat(50)}${'</a>'.repeat(50)}</Delete>`);
});

test('bytes that are no UTF-8 are refused', () => {
  assert.throws(() => readXml(Buffer.from('<Delete>\xff</Delete>', 'latin1'), 'Delete'), { code: 'MalformedXML' });
});
