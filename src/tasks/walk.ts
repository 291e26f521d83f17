// What a task deals with, page after page: the items as they were chosen, and what lies below those that are prefixes.
import type { ObjectRecord, VersionRecord } from '../metadata/tables/objects.ts';
import type { TaskItem, TaskPlace } from '../metadata/tables/tasks.ts';
import type { ObjectKey } from '../shared/ids.ts';
import { findVersion, isMarker } from '../storage/find-version.ts';
import { listObjects } from '../storage/list-objects.ts';
import { listVersions } from '../storage/list-versions.ts';
import { readItem } from './task-rows.ts';
import type { Work } from './work.ts';

export type Target = {
  readonly key: ObjectKey;
  /** null: whatever is current */
  readonly versionId: string | null;
  /** what it becomes; null: nothing is copied */
  readonly to: ObjectKey | null;
  /** undefined: there is none */
  readonly record: VersionRecord | undefined;
  /** where to go on after it */
  readonly place: TaskPlace;
};

/** `next` null: that was all. */
export type Page = { readonly targets: readonly Target[]; readonly next: TaskPlace | null };

type Found = { readonly item: TaskItem; readonly place: TaskPlace; readonly limit: number };

export const sizeOf = (record: VersionRecord | undefined): number =>
  record === undefined || isMarker(record) ? 0 : record.sizeBytes;

const walksVersions = ({ task: { spec } }: Work): boolean =>
  spec.kind === 'empty' || (spec.kind === 'delete' && spec.versions);

const everything: TaskItem = { prefix: '' };

/** At most about `limit` targets from `place` on. */
export async function readPage(work: Work, place: TaskPlace, limit: number): Promise<Page> {
  const targets: Target[] = [];
  let at: TaskPlace | null = place;
  while (at !== null && targets.length < limit) {
    const item: TaskItem | undefined = await itemAt(work, at.item);
    if (item === undefined) {
      at = null;
      break;
    }
    const page: Page = await pageOfItem(work, { item, place: at, limit: limit - targets.length });
    targets.push(...page.targets);
    at = page.next;
  }
  return { targets, next: at };
}

async function itemAt({ deps, task }: Work, index: number): Promise<TaskItem | undefined> {
  if (task.spec.kind === 'empty') return index === 0 ? everything : undefined;
  return readItem(deps, task.taskId, index);
}

const nextItem = (place: TaskPlace): TaskPlace => ({
  ...place,
  item: place.item + 1,
  after: null,
  afterVersion: null,
  part: null,
});

async function pageOfItem(work: Work, found: Found): Promise<Page> {
  const { item } = found;
  const whole = 'prefix' in item || (walksVersions(work) && item.versionId === undefined);
  if (whole) return walksVersions(work) ? versionsBelow(work, found) : objectsBelow(work, found);
  if ('prefix' in item) throw new Error('a prefix is no object');
  const next = nextItem(found.place);
  const versionId = item.versionId ?? null;
  const record = await findVersion(work.storage, work.bucket, item.key, versionId);
  return { targets: [{ key: item.key, versionId, to: item.to ?? null, record, place: next }], next };
}

async function objectsBelow(work: Work, { item, place, limit }: Found): Promise<Page> {
  if (!('prefix' in item)) throw new Error('an object has nothing below it');
  const { prefix, to } = item;
  const options = { prefix, delimiter: null, startAfter: place.after, maxKeys: limit };
  const listing = await listObjects(work.storage, work.bucket, options);
  const next = listing.next === null ? nextItem(place) : { ...place, after: listing.next };
  const targets = listing.entries.flatMap((entry) => {
    if (entry.kind === 'prefix') return [];
    const { key, object } = entry;
    const target = to === undefined ? null : ((to + key.slice(prefix.length)) as ObjectKey);
    return [{ key, versionId: null, to: target, record: object, place: { ...place, after: key, part: null } }];
  });
  return { targets, next };
}

/** Of a prefix, or of one key, everything that was ever there. */
async function versionsBelow(work: Work, { item, place, limit }: Found): Promise<Page> {
  const prefix = 'prefix' in item ? item.prefix : item.key;
  const listing = await listVersions(work.storage, work.bucket, {
    prefix,
    delimiter: null,
    keyMarker: place.after,
    versionIdMarker: place.afterVersion,
    maxKeys: limit,
  });
  const all = listing.entries.flatMap((entry) => (entry.kind === 'version' ? [entry] : []));
  const wanted = 'prefix' in item ? all : all.filter(({ key }) => key === item.key);
  const { next } = listing;
  const isOver = next === null || wanted.length < all.length;
  const after = isOver ? nextItem(place) : { ...place, after: next.keyMarker, afterVersion: next.versionIdMarker };
  const targets = wanted.map(({ key, record }) => {
    const { versionId } = record;
    return { key, versionId, to: null, record, place: { ...place, after: key, afterVersion: versionId } };
  });
  return { targets, next: after };
}

/** The object, where there is one to copy. */
export const objectOf = ({ record }: Target): ObjectRecord | undefined =>
  record === undefined || isMarker(record) ? undefined : record;
