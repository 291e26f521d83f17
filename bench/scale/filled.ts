// A server with so many objects in one bucket.
import { fillBucket } from '../fill.ts';
import { ask } from '../load/send.ts';
import { openStoresOf, type VStorage } from '../targets/vstorage.ts';

export type Filled = {
  readonly target: VStorage;
  readonly bucket: string;
  readonly objects: number;
  readonly body: Uint8Array;
};

export const ALBUMS = 100;
const SETS = 10;

/** Spread evenly over the folders, whatever their number. */
export function keyAt(index: number, objects: number): string {
  const set = Math.floor((index * ALBUMS * SETS) / objects);
  const album = String(Math.floor(set / SETS)).padStart(3, '0');
  return `album-${album}/set-${set % SETS}/image-${String(index).padStart(8, '0')}.jpg`;
}

export function* keysOf(objects: number): Generator<string> {
  for (let index = 0; index < objects; index++) yield keyAt(index, objects);
}

export async function fillServer(filled: Filled): Promise<void> {
  const { target, bucket, objects, body } = filled;
  await ask(target, 'PUT', `/${bucket}`);
  await using stores = await openStoresOf(target.server);
  await fillBucket(stores.storage, { bucket, keys: keysOf(objects), body });
}
