// `METADATA,BLOBS[,POOL=PLACE…]`: a pair of stores in one option, in the words of --metadata, --blobs and --storage-class.
import { join } from 'node:path';
import type { RegionConfig, ServeConfig, StoreConfig } from '../config/config.ts';
import { readBlobPlace, readMetadataPlace } from '../config/places.ts';
import { ConfigError } from '../config/sources.ts';

/** Hosts of a PostgreSQL address are divided by commas too. */
const PAIR = /^(.+?),((?:files|rados)(?::.*)?)$/;
const NEXT_POOL = /,(?=[A-Za-z0-9_.-]+=(?:files|rados):)/;

/** The same store settings with these engines, and no place of a region's own. `label` names the option. */
export function configForPair(config: ServeConfig, text: string, label: string, cwd: string): StoreConfig {
  const [, metadata, blobs = ''] = PAIR.exec(text) ?? [];
  if (metadata === undefined) {
    throw new ConfigError(`${label}: must be METADATA,BLOBS, for example lmdb:,files: or postgres://…,rados://…`);
  }
  const [main = '', ...others] = blobs.split(NEXT_POOL);
  const context = (name: string): { label: string; fallback: string; cwd: string } => ({
    label,
    fallback: join(config.dataDir, name),
    cwd,
  });
  return {
    ...config,
    metadata: readMetadataPlace(metadata, context('metadata')),
    blobs: readBlobPlace(main, context('blobs')),
    // a pair names all its places: those of the settings are another store's
    regions: withoutPlaces(config.regions),
    storageClasses: others.map((other) => {
      const [name, place] = splitOnce(other, '=');
      return { name, place: readBlobPlace(place, context('blobs')) };
    }),
  };
}

function withoutPlaces([first, ...rest]: StoreConfig['regions']): StoreConfig['regions'] {
  const bare = (region: RegionConfig): RegionConfig => ({
    ...region,
    blobs: null,
    storageClasses: region.storageClasses.map(({ name }) => ({ name, place: null })),
  });
  return [bare(first), ...rest.map(bare)];
}

/** Bytes that both pairs name would be compared with themselves, and what is damaged taken for half a copy. */
export function sharesPlace(one: StoreConfig, other: StoreConfig): boolean {
  const places = new Set(placesOf(one));
  return placesOf(other).some((place) => places.has(place));
}

function placesOf({ metadata, blobs, storageClasses }: StoreConfig): string[] {
  const { kind } = metadata;
  const first = kind === 'lmdb' ? metadata.path : JSON.stringify([metadata.hosts, metadata.database, metadata.schema]);
  const bytes = [blobs, ...storageClasses.flatMap(({ place }) => place ?? [])].map((place) =>
    place.kind === 'files' ? place.path : JSON.stringify([place.confFile, place.pool, place.namespace]),
  );
  return [first, ...bytes];
}

function splitOnce(text: string, divider: string): [string, string] {
  const at = text.indexOf(divider);
  return [text.slice(0, at), text.slice(at + divider.length)];
}

/** For people and messages: no password, no parameters. */
export function describePair({ metadata, blobs }: StoreConfig): string {
  const first =
    metadata.kind === 'lmdb'
      ? `lmdb:${metadata.path}`
      : `postgres://${metadata.hosts.map(({ host, port }) => `${host}:${port}`).join(',')}/${metadata.database} (${metadata.schema})`;
  const second = blobs.kind === 'files' ? `files:${blobs.path}` : `rados://${blobs.pool} (${blobs.namespace})`;
  return `${first} and ${second}`;
}
