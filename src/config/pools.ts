// Which pool the bytes of a region's storage class go to, and where each pool is. Records of objects name their pool,
// so these names are on disk:
//
//   STANDARD         of the first region, as long as it has no place of its own; always below --blobs and --storage-class
//   HCM04-STANDARD   of every other region, and of any with a place of its own
//
// Names of classes have no hyphen, so the two never meet, and a region that becomes the first, or gets a place of its
// own, only sends new bytes elsewhere: what it has is found where it is.
import type { BlobPlace, RegionConfig, StoreConfig } from './config.ts';

type Regions = StoreConfig['regions'];

/** `region` need not be configured any more. */
export function poolNames(regions: Regions): (region: string, storageClass: string) => string {
  const [first] = regions;
  return (region, storageClass) =>
    region === first.name && ownPlace(first, storageClass) === null ? storageClass : `${region}-${storageClass}`;
}

function ownPlace({ blobs, storageClasses }: RegionConfig, storageClass: string): BlobPlace | null {
  return storageClasses.find(({ name }) => name === storageClass)?.place ?? blobs;
}

/** The pools that are not in the main place. */
export function poolPlaces({
  regions,
  storageClasses,
}: Pick<StoreConfig, 'regions' | 'storageClasses'>): ReadonlyMap<string, BlobPlace> {
  const places = new Map<string, BlobPlace>();
  for (const { name, place } of storageClasses) if (place !== null) places.set(name, place);
  const poolOf = poolNames(regions);
  for (const region of regions) {
    for (const { name } of region.storageClasses) {
      const pool = poolOf(region.name, name);
      const place = ownPlace(region, name) ?? places.get(name) ?? null;
      if (place !== null && !places.has(pool)) places.set(pool, place);
    }
  }
  return places;
}
