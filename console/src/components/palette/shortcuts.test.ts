import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meaningOf } from './shortcuts.ts';

const press = (key: string, more: object = {}) => ({ key, mod: false, alt: false, typing: false, ...more });

test('Ctrl K opens the palette, in fields too', () => {
  assert.deepEqual(meaningOf(press('k', { mod: true }), false), { kind: 'palette' });
  assert.deepEqual(meaningOf(press('K', { mod: true, typing: true }), false), { kind: 'palette' });
  assert.equal(meaningOf(press('k'), false), null);
});

test('Ctrl Z takes back what was done, but in a field what was typed', () => {
  assert.deepEqual(meaningOf(press('z', { mod: true }), false), { kind: 'undo' });
  assert.equal(meaningOf(press('z', { mod: true, typing: true }), false), null);
  assert.equal(meaningOf(press('z'), false), null);
});

test('letters typed into a field are text', () => {
  for (const key of ['?', '/', 'g']) assert.equal(meaningOf(press(key, { typing: true }), false), null);
  assert.equal(meaningOf(press('p', { typing: true }), true), null);
});

test('G and a letter lead to a page', () => {
  assert.deepEqual(meaningOf(press('g'), false), { kind: 'waits' });
  assert.deepEqual(meaningOf(press('p'), true), { kind: 'go', to: '/projects' });
  assert.equal(meaningOf(press('x'), true), null);
});

test('a question mark asks for help, a slash for the search field', () => {
  assert.deepEqual(meaningOf(press('?'), false), { kind: 'help' });
  assert.deepEqual(meaningOf(press('/'), false), { kind: 'search' });
});
