import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { ServeConfig } from './config.ts';
import { loadConfig } from './load.ts';
import { poolNames, poolPlaces } from './pools.ts';

const cwd = mkdtempSync(join(tmpdir(), 'vstorage-pools-'));
after(() => rmSync(cwd, { recursive: true }));

function load(yaml: string): ServeConfig {
  writeFileSync(join(cwd, 'vstorage.yaml'), yaml);
  return loadConfig({ flags: {}, environment: new Map(), cwd });
}

const places = (config: ServeConfig): Record<string, string> =>
  Object.fromEntries(
    [...poolPlaces(config)].map(([pool, place]) => [pool, place.kind === 'files' ? place.path : place.pool]),
  );

test('the first region’s pools are named after its classes, the others’ after region and class', () => {
  const poolOf = poolNames(load('region: [HAN02, HCM04]').regions);
  assert.equal(poolOf('HAN02', 'STANDARD_IA'), 'STANDARD_IA');
  assert.equal(poolOf('HCM04', 'STANDARD_IA'), 'HCM04-STANDARD_IA');
});

test('without places of their own, regions share those of the deployment', () => {
  const config = load('region: [HAN02, HCM04]\nstorage-class: {COLD: "files:/mnt/cold"}');
  assert.deepEqual(places(config), { COLD: '/mnt/cold', 'HCM04-COLD': '/mnt/cold' });
});

test('a region may have a place and classes of its own, and what the first had before stays where it is', () => {
  const config = load(`
regions:
  - {name: HAN02, domains: [han.example.com], blobs: "files:/han"}
  - {name: HCM04, domains: [hcm.example.com], storage-class: {DEEP_ARCHIVE: "files:/tape", COLD: "files:"}}
`);
  const poolOf = poolNames(config.regions);
  assert.equal(poolOf('HAN02', 'STANDARD'), 'HAN02-STANDARD');
  assert.deepEqual(places(config), {
    'HAN02-STANDARD': '/han',
    'HAN02-STANDARD_IA': '/han',
    'HAN02-DEEP_ARCHIVE': '/han',
    'HCM04-DEEP_ARCHIVE': '/tape',
  });
  assert.deepEqual(
    config.regions.map(({ storageClasses }) => storageClasses.map(({ name }) => name).join(' ')),
    ['STANDARD STANDARD_IA DEEP_ARCHIVE', 'STANDARD STANDARD_IA DEEP_ARCHIVE COLD'],
  );
});
