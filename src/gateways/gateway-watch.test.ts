import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GatewayRecord } from '../metadata/tables/gateways.ts';
import { GatewayWatch } from './gateway-watch.ts';

const row = (id: string, beat: number): GatewayRecord => ({
  v: 1,
  id,
  host: 'h',
  pid: 1,
  version: '1.0.0',
  format: 1,
  masterKey: [],
  startedAt: 0,
  seenAt: 0,
  beat,
});
const ids = (rows: readonly GatewayRecord[]): string[] => rows.map(({ id }) => id);

test('a gateway is silent when its row has not changed for a term since it was first seen', () => {
  let now = 1_000;
  const watch = new GatewayWatch(() => now, 100);
  assert.deepEqual(ids(watch.look([row('a', 7), row('b', 1)]).live), ['a', 'b']);
  now += 99;
  assert.deepEqual(ids(watch.look([row('a', 7), row('b', 2)]).live), ['a', 'b']);
  now += 1;
  const { live, silent } = watch.look([row('a', 7), row('b', 2)]);
  assert.deepEqual([ids(live), ids(silent)], [['b'], ['a']]);
});

test('a gateway that speaks again lives, and one that comes later is not silent from the start', () => {
  let now = 0;
  const watch = new GatewayWatch(() => now, 100);
  watch.look([row('a', 1)]);
  now = 500;
  assert.deepEqual(ids(watch.look([row('a', 2), row('c', 1)]).silent), []);
});
