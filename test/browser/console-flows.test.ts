// The table of flows names tests that exist: one that was renamed or deleted is noticed.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';

const TABLE = new URL('../../docs/console-flows.md', import.meta.url);

async function testNames(): Promise<Set<string>> {
  const files = (await readdir(import.meta.dirname)).filter((name) => name.endsWith('.test.ts'));
  const sources = await Promise.all(files.map((name) => readFile(new URL(name, import.meta.url), 'utf8')));
  const names = sources.flatMap((source) => [...source.matchAll(/^\s*(?:await )?(?:t\.)?test\(\s*(['"`])(.+?)\1,/gm)]);
  return new Set(names.map(([, , name = '']) => name));
}

test('every flow of the table has a test of that name', async () => {
  const rows = [...(await readFile(TABLE, 'utf8')).matchAll(/^\| (§.+?) \| (.+) \|$/gm)];
  assert.ok(rows.length > 10, 'the table was found');
  const names = await testNames();
  const missing = rows.filter(([, , name = '']) => !names.has(name)).map(([, flow, name]) => `${flow}: ${name}`);
  assert.deepEqual(missing, []);
});
