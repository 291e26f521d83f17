// ListObjects and ListObjectsV2: current objects in the order of their UTF-8 bytes.
import { keyAfter, prefixEnd } from '../metadata/keys.ts';
import type { Bytes } from '../metadata/metadata-store.ts';
import { decodeListed, type ListedObject } from '../metadata/tables/listed-object.ts';
import { type BucketRecord, currentKey, currentRange, type ObjectRecord } from '../metadata/tables/objects.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import type { ObjectKey } from '../shared/ids.ts';
import { commonPrefixOf, type KeyWalk, laterOf, walkKeys, type WalkedItem } from './key-walk.ts';
import type { StorageDeps } from './storage-deps.ts';

export type ListOptions = {
  readonly prefix: string;
  /** of any length; null or empty: none */
  readonly delimiter: string | null;
  /** only what comes after it; null: from the beginning */
  readonly startAfter: string | null;
  /**
   * When `startAfter` lies below a common prefix: `skip` takes that prefix as listed already (V1's marker, and `next`
   * of the page before), `show` lists it when keys below it follow (V2's start-after).
   */
  readonly prefixOfStartAfter?: 'skip' | 'show';
  readonly maxKeys: number;
};

export type ListedEntry<Shown = ObjectRecord> =
  | { readonly kind: 'object'; readonly key: ObjectKey; readonly object: Shown }
  | { readonly kind: 'prefix'; readonly prefix: string };

export type ObjectListing<Shown = ObjectRecord> = {
  readonly entries: readonly ListedEntry<Shown>[];
  readonly truncated: boolean;
  /** `startAfter` of the next page; null when this is the last */
  readonly next: string | null;
};

export function listObjects(deps: ListDeps, bucket: BucketRecord, options: ListOptions): Promise<ObjectListing> {
  return list(deps, bucket, options, decodeRecord<ObjectRecord>);
}

/** The same with only what listings show of an object: it costs much less. */
export function listObjectHeads(
  deps: ListDeps,
  bucket: BucketRecord,
  options: ListOptions,
): Promise<ObjectListing<ListedObject>> {
  return list(deps, bucket, options, decodeListed);
}

type ListDeps = Pick<StorageDeps, 'store'>;

async function list<Shown>(
  deps: ListDeps,
  bucket: BucketRecord,
  options: ListOptions,
  decode: (value: Bytes) => Shown,
): Promise<ObjectListing<Shown>> {
  const { items, truncated } = await deps.store.read((snapshot) =>
    walkKeys({ ...objectWalk(bucket, options), read: (range) => snapshot.range(range) }),
  );
  const last = items.at(-1);
  const next = last === undefined || !truncated ? null : last.kind === 'prefix' ? last.prefix : last.key;
  return { entries: items.map((item) => listedEntry(item, decode)), truncated, next };
}

function objectWalk({ bucketId }: BucketRecord, options: ListOptions): Omit<KeyWalk, 'read'> {
  const { prefix } = options;
  const delimiter = options.delimiter === '' ? null : options.delimiter;
  const { start, end } = currentRange(bucketId, prefix);
  const head = currentKey(bucketId, '');
  const tailAt = head.length;
  const afterPrefix = (text: string): Bytes => prefixEnd(Buffer.concat([head, Buffer.from(text)]));
  return {
    start: options.startAfter === null ? start : laterOf(start, resumeAt(options, delimiter, options.startAfter)),
    end,
    prefix,
    delimiter,
    limit: options.maxKeys,
    keyOf: (encoded) => Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength).toString('utf8', tailAt),
    afterPrefix,
  };

  function resumeAt({ prefixOfStartAfter }: ListOptions, by: string | null, startAfter: string): Bytes {
    const below = startAfter.startsWith(prefix) ? commonPrefixOf(startAfter, prefix, by) : null;
    if (below !== null && prefixOfStartAfter !== 'show') return afterPrefix(below);
    return keyAfter(currentKey(bucketId, startAfter));
  }
}

function listedEntry<Shown>(item: WalkedItem, decode: (value: Bytes) => Shown): ListedEntry<Shown> {
  if (item.kind === 'prefix') return item;
  return { kind: 'object', key: item.key as ObjectKey, object: decode(item.entry.value) };
}
