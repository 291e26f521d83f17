import assert from 'node:assert/strict';
import { test } from 'node:test';
import { daysUntil, formatBytes, formatDateTime, formatPercent, GIB } from './format.ts';

test('sizes count in 1024 and keep two decimals', () => {
  assert.equal(formatBytes(0, 'en'), '0 B');
  assert.equal(formatBytes(1023, 'en'), '1,023 B');
  assert.equal(formatBytes(1024, 'en'), '1.00 KB');
  assert.equal(formatBytes(30 * GIB, 'en'), '30.00 GB');
  assert.equal(formatBytes(1.5 * GIB, 'vi'), '1,50 GB');
  assert.equal(formatBytes(2 ** 70, 'en'), '1,048,576.00 PB');
});

test('a size just under a power of 1024 stays in its unit', () => {
  assert.equal(formatBytes(2 ** 20 - 1, 'en'), '1,024.00 KB');
});

test('a share of more than nothing never reads as zero', () => {
  assert.equal(formatPercent(0, 100, 'en'), '0%');
  assert.equal(formatPercent(1, 1e9, 'en'), '< 0.1%');
  assert.equal(formatPercent(4.4, 100, 'en'), '4.4%');
  assert.equal(formatPercent(994, 1000, 'en'), '99%');
  assert.equal(formatPercent(5, 0, 'en'), '0%');
});

test('times read day first and in 24 hours', () => {
  assert.match(formatDateTime('2026-03-09T04:05:06Z'), /^\d\d\/03\/2026 \d\d:05$/);
});

test('days left round up and never go below zero', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  assert.equal(daysUntil('2026-01-01T00:00:01Z', now), 1);
  assert.equal(daysUntil('2026-01-08T00:00:00Z', now), 7);
  assert.equal(daysUntil('2025-12-31T00:00:00Z', now), 0);
});
