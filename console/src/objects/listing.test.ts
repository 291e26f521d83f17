import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Entry, Listing, type Page } from './listing.ts';

const folder = (prefix: string): Entry => ({ kind: 'prefix', prefix });
const page = (names: string[], nextCursor: string | null): Page => ({
  items: names.map(folder),
  nextCursor,
  rights: ['upload'],
});
const names = (listing: Listing): string[] =>
  listing.getState().rows.map((row) => (row.kind === 'prefix' ? row.prefix : row.key));

test('pages are added one after another until there are no more', async () => {
  const pages = new Map([
    [null, page(['a', 'b'], '1')],
    ['1', page(['c'], null)],
  ]);
  const asked: (string | null)[] = [];
  const listing = new Listing(async (cursor) => {
    asked.push(cursor);
    const found = pages.get(cursor);
    assert.ok(found);
    return found;
  });
  await Promise.all([listing.more(), listing.more()]);
  assert.deepEqual(names(listing), ['a', 'b'], 'one page at a time');
  await listing.more();
  await listing.more();
  assert.deepEqual(names(listing), ['a', 'b', 'c']);
  assert.deepEqual(asked, [null, '1']);
  assert.ok(listing.getState().complete);
});

test('a refresh replaces the rows at once and forgets what was on its way', async () => {
  let answers = 0;
  const slow = Promise.withResolvers<Page>();
  const listing = new Listing(async () => (++answers === 2 ? await slow.promise : page([`r${answers}`], 'more')));
  await listing.more();
  const late = listing.more();
  const refreshed = listing.refresh();
  assert.deepEqual(names(listing), ['r1'], 'the old rows stand until the new ones are there');
  await refreshed;
  slow.resolve(page(['late'], null));
  await late;
  assert.deepEqual(names(listing), ['r3']);
});

test('a failure leaves the rows and can be tried again', async () => {
  let fail = false;
  const listing = new Listing(async () => {
    if (fail) throw new Error('no answer');
    return page(['a'], 'more');
  });
  await listing.more();
  fail = true;
  await listing.more();
  assert.deepEqual([names(listing), listing.getState().error?.message], [['a'], 'no answer']);
  fail = false;
  await listing.more();
  assert.deepEqual([names(listing), listing.getState().error], [['a', 'a'], null]);
});
