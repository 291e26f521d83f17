import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LifecycleConfiguration, LifecycleRule } from '../metadata/tables/lifecycle.ts';
import {
  abortOf,
  currentAction,
  DAY_MS,
  dueAt,
  expirationOf,
  lonelyMarkerExpires,
  matches,
  noncurrentAction,
  noncurrentMarkerExpires,
  type ObjectFacts,
} from './lifecycle-rules.ts';

const noFilter = { prefix: null, tags: [], sizeGreaterThan: null, sizeLessThan: null };

const rule = (change: Partial<LifecycleRule>): LifecycleRule => ({
  id: 'rule',
  enabled: true,
  form: 'filter',
  filter: noFilter,
  expiration: null,
  noncurrentExpiration: null,
  abortUploadDays: null,
  transitions: [],
  noncurrentTransitions: [],
  ...change,
});

const rules = (...list: LifecycleRule[]): LifecycleConfiguration => ({ v: 1, rules: list, minimumSize: null });

const MADE = Date.UTC(2026, 0, 1, 10, 30);
const object = (change: Partial<ObjectFacts> = {}): ObjectFacts => ({
  key: 'logs/a',
  sizeBytes: 1000,
  tags: [],
  storageClass: 'STANDARD',
  lastModified: MADE,
  ...change,
});
const at = (now: number) => ({ now, dayMs: DAY_MS });

test('days are rounded up to the next midnight UTC', () => {
  // the example of the documentation: created 1/15 10:30, three days
  assert.equal(dueAt(Date.UTC(2014, 0, 15, 10, 30), 3, DAY_MS), Date.UTC(2014, 0, 19));
  assert.equal(dueAt(Date.UTC(2014, 0, 15), 3, DAY_MS), Date.UTC(2014, 0, 18));
});

test('a rule acts at its midnight and not a millisecond before', () => {
  const set = rules(rule({ expiration: { days: 1 } }));
  const midnight = Date.UTC(2026, 0, 3);
  assert.equal(currentAction(set, object(), at(midnight - 1)), null);
  assert.deepEqual(currentAction(set, object(), at(midnight)), { kind: 'expire', ruleId: 'rule' });
});

test('filters ask for everything they name', () => {
  const tags = [
    { key: 'a', value: '1' },
    { key: 'b', value: '2' },
  ];
  const table: [Partial<LifecycleRule['filter']>, Partial<ObjectFacts>, boolean][] = [
    [{}, {}, true],
    [{ prefix: '' }, {}, true],
    [{ prefix: 'logs/' }, {}, true],
    [{ prefix: 'logs/b' }, {}, false],
    [{ prefix: '*' }, {}, false],
    [{ tags: tags.slice(0, 1) }, { tags }, true],
    [{ tags }, { tags: tags.slice(0, 1) }, false],
    [{ tags: [{ key: 'a', value: '2' }] }, { tags }, false],
    [{ sizeGreaterThan: 1000 }, {}, false],
    [{ sizeGreaterThan: 999 }, {}, true],
    [{ sizeLessThan: 1000 }, {}, false],
    [{ sizeLessThan: 1001 }, {}, true],
    [{ prefix: 'logs/', sizeGreaterThan: 10, sizeLessThan: 2000, tags }, { tags }, true],
    [{ prefix: 'logs/', sizeGreaterThan: 10, sizeLessThan: 2000, tags }, {}, false],
  ];
  for (const [filter, facts, expected] of table) {
    assert.equal(matches({ ...noFilter, ...filter }, object(facts)), expected, JSON.stringify(filter));
  }
});

test('a disabled rule does nothing', () => {
  assert.equal(currentAction(rules(rule({ enabled: false, expiration: { days: 1 } })), object(), at(MADE * 2)), null);
});

test('of several rules the earliest expiry counts, and it wins over a transition', () => {
  const set = rules(
    rule({ id: 'late', expiration: { days: 30 } }),
    rule({ id: 'date', expiration: { at: Date.UTC(2026, 0, 10) } }),
    rule({ id: 'move', transitions: [{ days: 1, storageClass: 'DEEP_ARCHIVE' }] }),
  );
  assert.deepEqual(expirationOf(set, object(), DAY_MS), { at: Date.UTC(2026, 0, 10), ruleId: 'date' });
  assert.equal(currentAction(set, object(), at(Date.UTC(2026, 0, 9)))?.kind, 'transition');
  assert.deepEqual(currentAction(set, object(), at(Date.UTC(2026, 0, 10))), { kind: 'expire', ruleId: 'date' });
});

test('the latest transition that is due counts, the coldest at the same time, and none leads back', () => {
  const set = rules(
    rule({
      transitions: [
        { days: 1, storageClass: 'STANDARD_IA' },
        { days: 5, storageClass: 'DEEP_ARCHIVE' },
      ],
    }),
    rule({ transitions: [{ days: 1, storageClass: 'COLD' }] }),
  );
  const classAt = (days: number, storageClass: string) => {
    const action = currentAction(set, object({ storageClass }), at(MADE + days * DAY_MS));
    return action?.kind === 'transition' ? action.storageClass : null;
  };
  assert.equal(classAt(1, 'STANDARD'), null);
  assert.equal(classAt(2, 'STANDARD'), 'STANDARD_IA');
  assert.equal(classAt(2, 'DEEP_ARCHIVE'), null);
  assert.equal(classAt(6, 'STANDARD_IA'), 'DEEP_ARCHIVE');
  assert.equal(classAt(6, 'DEEP_ARCHIVE'), null);
});

test('small objects stay where they are when the configuration says so and the filter names no size', () => {
  const moves = (minimumSize: LifecycleConfiguration['minimumSize'], storageClass: string, sized = false) => {
    const filter = sized ? { ...noFilter, sizeGreaterThan: 0 } : noFilter;
    const set = { ...rules(rule({ filter, transitions: [{ days: 1, storageClass }] })), minimumSize };
    return currentAction(set, object(), at(MADE + 3 * DAY_MS)) !== null;
  };
  assert.equal(moves(null, 'STANDARD_IA'), true);
  assert.equal(moves('all_storage_classes_128K', 'DEEP_ARCHIVE'), false);
  assert.equal(moves('all_storage_classes_128K', 'DEEP_ARCHIVE', true), true);
  assert.equal(moves('varies_by_storage_class', 'STANDARD_IA'), false);
  assert.equal(moves('varies_by_storage_class', 'DEEP_ARCHIVE'), true);
});

test('noncurrent versions count from when they became noncurrent, and the newest of them may be kept', () => {
  const set = rules(
    rule({
      noncurrentExpiration: { days: 2, keep: 3 },
      noncurrentTransitions: [{ days: 1, keep: 1, storageClass: 'STANDARD_IA' }],
    }),
  );
  const action = (newer: number, days: number) =>
    noncurrentAction(set, { ...object({ lastModified: 0 }), noncurrentSince: MADE, newer }, at(MADE + days * DAY_MS))
      ?.kind ?? null;
  assert.equal(action(0, 9), null);
  assert.equal(action(1, 1), null);
  assert.equal(action(1, 9), 'transition');
  assert.equal(action(2, 9), 'transition');
  assert.equal(action(3, 2), 'transition');
  assert.equal(action(3, 3), 'expire');
});

test('rules with tags or sizes do not mean delete markers or uploads', () => {
  const all = rule({ expiration: { days: 1 }, noncurrentExpiration: { days: 1, keep: null } });
  const tagged = rule({ ...all, filter: { ...noFilter, tags: [{ key: 'a', value: 'b' }] } });
  const sized = rule({ ...all, filter: { ...noFilter, sizeLessThan: 10 } });
  const marker = { key: 'logs/a', lastModified: MADE, noncurrentSince: MADE, newer: 0 };
  const later = at(MADE + 3 * DAY_MS);
  for (const [set, expected] of [
    [rules(all), true],
    [rules(tagged), false],
    [rules(sized), false],
  ] as const) {
    assert.equal(lonelyMarkerExpires(set, marker, later), expected);
    assert.equal(noncurrentMarkerExpires(set, marker, later), expected);
  }
});

test('a delete marker with nothing behind it goes at once when the rule says so', () => {
  const marker = { key: 'logs/a', lastModified: MADE };
  const says = (deleteMarker: boolean) => rules(rule({ expiration: { deleteMarker } }));
  assert.equal(lonelyMarkerExpires(says(true), marker, at(MADE)), true);
  assert.equal(lonelyMarkerExpires(says(false), marker, at(MADE * 2)), false);
});

test('an upload is aborted by the earliest rule for its prefix', () => {
  const set = rules(
    rule({ id: 'all', abortUploadDays: 7 }),
    rule({ id: 'logs', abortUploadDays: 2, filter: { ...noFilter, prefix: 'logs/' } }),
  );
  const upload = { key: 'logs/a', initiatedAt: MADE };
  assert.deepEqual(abortOf(set, upload, DAY_MS), { at: Date.UTC(2026, 0, 4), ruleId: 'logs' });
  assert.equal(abortOf(set, { ...upload, key: 'x' }, DAY_MS)?.ruleId, 'all');
});

const someRule = fc.record({
  id: fc.uuid(),
  enabled: fc.boolean(),
  prefix: fc.constantFrom('', 'a', 'a/', 'b'),
  days: fc.integer({ min: 1, max: 5 }),
  greater: fc.option(fc.integer({ min: 0, max: 9 })),
  less: fc.option(fc.integer({ min: 0, max: 9 })),
  tag: fc.option(fc.constantFrom('x', 'y')),
});
const someObject = fc.record({
  key: fc.constantFrom('a', 'a/b', 'b', 'c'),
  sizeBytes: fc.integer({ min: 0, max: 9 }),
  tag: fc.option(fc.constantFrom('x', 'y')),
  lastModified: fc.integer({ min: 0, max: 5000 }),
});

test('an object expires exactly when some rule that is on, means it, and has waited long enough, says so', () => {
  const dayMs = 1000;
  fc.assert(
    fc.property(
      fc.array(someRule, { maxLength: 4 }),
      someObject,
      fc.integer({ min: 0, max: 12_000 }),
      (list, one, now) => {
        const set = rules(
          ...list.map(({ id, enabled, prefix, days, greater, less, tag }) =>
            rule({
              id,
              enabled,
              expiration: { days },
              filter: {
                prefix,
                tags: tag === null ? [] : [{ key: 't', value: tag }],
                sizeGreaterThan: greater,
                sizeLessThan: less,
              },
            }),
          ),
        );
        const tags = one.tag === null ? [] : [{ key: 't', value: one.tag }];
        const facts = object({ key: one.key, sizeBytes: one.sizeBytes, tags, lastModified: one.lastModified });
        const expected = list.some((item) => {
          if (!item.enabled || one.key.slice(0, item.prefix.length) !== item.prefix) return false;
          if (item.greater !== null && !(one.sizeBytes > item.greater)) return false;
          if (item.less !== null && !(one.sizeBytes < item.less)) return false;
          if (item.tag !== null && item.tag !== one.tag) return false;
          let midnight = 0;
          while (midnight < one.lastModified + item.days * dayMs) midnight += dayMs;
          return now >= midnight;
        });
        assert.equal(currentAction(set, facts, { now, dayMs })?.kind === 'expire', expected);
      },
    ),
  );
});
