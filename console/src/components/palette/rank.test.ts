import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fit, rank, requestIdIn } from './rank.ts';

const page = (label: string, keywords?: string) => ({
  label,
  group: 'pages',
  ...(keywords === undefined ? {} : { keywords }),
});

test('every word that was typed must fit, wherever it stands', () => {
  assert.ok(fit(page('Create project'), 'proj cre') > 0);
  assert.equal(fit(page('Create project'), 'create bucket'), 0);
  assert.ok(fit(page('a41f', 'backup server'), 'backup') > 0);
});

test('marks over letters need not be typed', () => {
  assert.ok(fit(page('Thùng rác'), 'thung rac') > 0);
  assert.ok(fit(page('Tạo đường dẫn'), 'duong') > 0);
});

test('what begins like what was typed comes before what only holds it', () => {
  const found = rank([page('old-photos'), page('photos'), page('photography')], 'photo');
  assert.deepEqual(
    found[0]?.items.map(({ label }) => label),
    ['photos', 'photography', 'old-photos'],
  );
});

test('the group with the best fit comes first, and none fills the list', () => {
  const buckets = Array.from({ length: 40 }, (_, index) => ({ label: `x-users-${index}`, group: 'buckets' }));
  const found = rank([...buckets, page('Users')], 'users');
  assert.deepEqual(
    found.map(({ group, items }) => [group, items.length]),
    [
      ['pages', 1],
      ['buckets', 6],
    ],
  );
});

test('nothing typed finds everything, in the order given', () => {
  const found = rank([page('B'), page('A')], ' ');
  assert.deepEqual(
    found[0]?.items.map(({ label }) => label),
    ['B', 'A'],
  );
});

test('a request id is known by its sixteen hexadecimal digits', () => {
  assert.equal(requestIdIn(' 00ab34cd56EF7890 '), '00AB34CD56EF7890');
  assert.equal(requestIdIn('00ab34cd56ef789'), null);
  assert.equal(requestIdIn('deadbeef-photos1'), null);
});
