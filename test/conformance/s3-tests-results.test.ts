// The committed results of ceph/s3-tests: enough passes, and on PostgreSQL and RADOS what passes on the embedded engines.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

type Kept = { readonly suite: string; readonly engines?: string; readonly results: Readonly<Record<string, string>> };

const read = async (name: string): Promise<string> => readFile(new URL(name, import.meta.url), 'utf8');
const embedded = JSON.parse(await read('./s3-tests-results.json')) as Kept;
const scaleOut = JSON.parse(await read('./s3-tests-results-postgres+rados.json')) as Kept;
const leftOut = new Set((await read('./s3-tests-left-out.tsv')).split('\n').map((line) => line.replace(/\t.*/, '')));

const passed = ({ results }: Kept): string[] =>
  Object.keys(results).filter((name) => results[name]?.startsWith('passed'));
const counted = ({ results }: Kept): string[] =>
  Object.keys(results).filter(
    (name) => results[name]?.includes('fails_on_aws') === false && !leftOut.has(name.replace(/^.*::/, '')),
  );

test('the same commit of ceph/s3-tests ran on both pairs of engines', () => {
  assert.equal(scaleOut.suite, embedded.suite);
  assert.equal(scaleOut.engines, 'postgres+rados');
});

test('the tests that pass on PostgreSQL and RADOS are those that pass on LMDB and files', () => {
  assert.deepEqual(passed(scaleOut), passed(embedded));
});

test('97 % of what counts passes on both', () => {
  for (const kept of [embedded, scaleOut]) {
    const names = counted(kept);
    const share = names.filter((name) => kept.results[name] === 'passed').length / names.length;
    assert.ok(names.length > 500 && share >= 0.97, `${share} of ${names.length}`);
  }
});
