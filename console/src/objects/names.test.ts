import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crumbsOf, endingOf, folderOf, isUnusual, nameOf, nameProblem } from './names.ts';

test('a key has a name and a folder', () => {
  assert.deepEqual([nameOf('a/b/c.txt'), folderOf('a/b/c.txt')], ['c.txt', 'a/b/']);
  assert.deepEqual([nameOf('a/b/'), folderOf('a/b/')], ['b', 'a/']);
  assert.deepEqual([nameOf('top'), folderOf('top')], ['top', '']);
  assert.deepEqual([nameOf('/'), nameOf('a//')], ['/', 'a//']);
});

test('crumbs lead to every folder above, to those without a name too', () => {
  assert.deepEqual(crumbsOf('a/b/'), [
    { name: 'a', prefix: 'a/' },
    { name: 'b', prefix: 'a/b/' },
  ]);
  assert.deepEqual(crumbsOf('a//b'), [
    { name: 'a', prefix: 'a/' },
    { name: '/', prefix: 'a//' },
  ]);
  assert.deepEqual(crumbsOf(''), []);
});

test('an ending is what follows the last dot inside the name', () => {
  assert.deepEqual(['a/b.TAR.gz', '.profile', 'a.b/c', 'x.', 'film.Mp4'].map(endingOf), ['gz', '', '', '', 'mp4']);
});

test('names that cannot be, or make trouble elsewhere', () => {
  assert.equal(nameProblem('', ''), 'empty');
  assert.equal(nameProblem('', 'a/b'), 'slash');
  assert.equal(nameProblem('', '..'), 'dots');
  assert.equal(nameProblem('x/', 'ả'.repeat(341)), 'long');
  assert.equal(nameProblem('x/', 'ảnh 1'), null);
  assert.ok(isUnusual('a#b') && !isUnusual('a b.txt'));
});
