// Which storage classes there are and where each keeps its bytes.
import type { BlobPlace, StorageClassConfig } from './config.ts';
import { readGivenPlace } from './places.ts';
import type { Sources } from './sources.ts';
import { ConfigError } from './sources.ts';

/** Gold, Instant Archive, Archive. */
const BUILT_IN: readonly string[] = ['STANDARD', 'STANDARD_IA', 'DEEP_ARCHIVE'];

type Given = { readonly name: string; readonly place: string };

export function readStorageClasses(sources: Sources, given: readonly Given[], cwd: string): StorageClassConfig[] {
  return storageClassesOf(sources.found.get('storage-class')?.label ?? 'storage-class', given, cwd);
}

export function storageClassesOf(label: string, given: readonly Given[], cwd: string): StorageClassConfig[] {
  const twice = given.find(({ name }, index) => given.findIndex((other) => other.name === name) !== index);
  if (twice !== undefined) throw new ConfigError(`${label}: ${twice.name} is given twice: remove one`);
  const placed = new Map(given.map(({ name, place }) => [name, readPlace(label, name, place, cwd)]));
  const names = [...BUILT_IN, ...given.map(({ name }) => name).filter((name) => !BUILT_IN.includes(name))];
  return names.map((name) => ({ name, place: placed.get(name) ?? null }));
}

function readPlace(label: string, name: string, text: string, cwd: string): BlobPlace | null {
  if (text === 'files' || text === 'files:') return null;
  const place = readGivenPlace(text, { label: `${label}: ${name}`, fallback: '', cwd });
  if (place !== null) return place;
  throw new ConfigError(`${label}: ${name}: the place must be files:, files:PATH or rados://POOL`);
}
