import assert from 'node:assert/strict';
import { isIPv4 as nodeIsIPv4, isIPv6 as nodeIsIPv6 } from 'node:net';
import { test } from 'node:test';
import { isIPv4, isIPv6 } from './ip-address.ts';

const PIECES = [
  '',
  '0',
  '1',
  '255',
  '256',
  '01',
  'ab',
  'FFFF',
  '12345',
  'g',
  '192.0.2.1',
  '1.2.3',
  '%eth0',
  '%',
  ' ',
  '/24',
];
const SEPARATORS = ['.', ':', '::', ''];

/** Small steps of a fixed generator: the same texts in every run. */
function texts(count: number): string[] {
  let state = 7;
  const next = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
  const one = (list: readonly string[]): string => list[next(list.length)] ?? '';
  return Array.from({ length: count }, () => {
    const separator = one(SEPARATORS);
    const pieces = Array.from({ length: 1 + next(9) }, () => (next(3) === 0 ? one(PIECES) : one(PIECES.slice(1, 4))));
    return pieces
      .map((piece, i) => (i === 0 ? piece : `${next(8) === 0 ? one(SEPARATORS) : separator}${piece}`))
      .join('');
  });
}

test('a text is an address exactly when Node says so', () => {
  const known = ['::', '::1', '1::', '::ffff:192.0.2.1', '1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7::', '::2:3:4:5:6:7:8'];
  const wrong = [
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    '192.0.2.1::',
    ':',
    ':1',
    '1:',
    ':::',
    'fe80::1%eth0',
  ];
  const all = [...known, ...wrong, '0.0.0.0', '1.2.3.04', '1.2.3.4 ', '', ...texts(20_000)];
  assert.ok(all.filter(nodeIsIPv4).length > 50 && all.filter(nodeIsIPv6).length > 50);
  for (const text of all) {
    assert.equal(isIPv4(text), nodeIsIPv4(text), text);
    assert.equal(isIPv6(text), nodeIsIPv6(text), text);
  }
});
