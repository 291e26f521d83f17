// Many objects as one ZIP file, made while it is sent: nothing of it is kept, neither on disk nor in memory. Bytes go in
// as they are; compressing would cost more than most objects gain.
import { makeZip } from 'client-zip';
import { askOf } from '../../access/s3-actor.ts';
import type { ObjectRecord } from '../../metadata/tables/objects.ts';
import type { TaskItem } from '../../metadata/tables/tasks.ts';
import { S3Error } from '../../shared/errors.ts';
import type { ObjectKey } from '../../shared/ids.ts';
import { findVersion, isMarker } from '../../storage/find-version.ts';
import { listObjects } from '../../storage/list-objects.ts';
import { openObject } from '../../storage/read-object.ts';
import { requireReadable } from '../../storage/restore-object.ts';
import type { BucketScope } from './bucket-scope.ts';
import { archiveNames } from './archive-names.ts';

const PAGE = 1000;
const MISSING = '_missing.txt';

type Selection = { readonly items: readonly TaskItem[]; readonly base: string };

export const zipOf = (scope: BucketScope, selection: Selection): ReadableStream<Uint8Array> =>
  makeZip(entriesOf(scope, selection), { buffersAreUTF8: true });

async function* entriesOf(scope: BucketScope, { items, base }: Selection) {
  const nameOf = archiveNames(base);
  const missing: string[] = [];
  for await (const { key, object } of objectsOf(scope, items)) {
    // a folder that somebody made: its name ends with a slash and there is nothing in it
    if (key.endsWith('/') && object?.sizeBytes === 0) continue;
    try {
      const input = await open(scope, key, object);
      yield { name: nameOf(key), lastModified: new Date(object?.lastModified ?? 0), input };
    } catch (error) {
      if (!(error instanceof S3Error)) throw error;
      missing.push(`${key}: ${error.message}`);
    }
  }
  if (missing.length > 0) {
    const text = ['These objects could not be read and are not in this file:', ...missing, ''].join('\n');
    yield {
      name: nameOf(`${base}${MISSING}`),
      lastModified: new Date(scope.storage.clock()),
      input: Buffer.from(text),
    };
  }
}

async function open({ actor, bucket, storage }: BucketScope, key: ObjectKey, object: ObjectRecord | undefined) {
  await actor.demand(askOf('s3:GetObject', bucket, key));
  if (object === undefined) throw new S3Error('NoSuchKey');
  requireReadable(object, storage.clock());
  return await openObject(storage, object, { start: 0, end: object.sizeBytes }, null);
}

type Found = { readonly key: ObjectKey; readonly object: ObjectRecord | undefined };

async function* objectsOf(scope: BucketScope, items: readonly TaskItem[]): AsyncGenerator<Found> {
  for (const item of items) {
    if ('prefix' in item) yield* objectsBelow(scope, item.prefix);
    else {
      const found = await findVersion(scope.storage, scope.bucket, item.key, null);
      yield { key: item.key, object: found === undefined || isMarker(found) ? undefined : found };
    }
  }
}

async function* objectsBelow({ actor, bucket, storage }: BucketScope, prefix: string): AsyncGenerator<Found> {
  await actor.demand(askOf('s3:ListBucket', bucket, null, { context: { 's3:prefix': prefix } }));
  let startAfter: string | null = null;
  do {
    const listing: Awaited<ReturnType<typeof listObjects>> = await listObjects(storage, bucket, {
      prefix,
      delimiter: null,
      startAfter,
      maxKeys: PAGE,
    });
    for (const entry of listing.entries) if (entry.kind === 'object') yield entry;
    startAfter = listing.next;
  } while (startAfter !== null);
}
