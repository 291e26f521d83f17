// One file into the bucket: in one request, or in parts of which those that have arrived are not sent again.
import type { StoredObject } from '../../../src/console-api/contract/objects.ts';
import type { CompletedUpload, PartList, PartView, UploadView } from '../../../src/console-api/contract/uploads.ts';
import { bucketPath } from '../api/buckets.ts';
import { ApiError, request } from '../api/request.ts';
import { checksumOf } from './checksum.ts';
import { base64ToHex } from './crc32.ts';
import { PART_BYTES, type UploadItem } from './item.ts';
import { sendBytes } from './send.ts';
import type { Slots } from './slots.ts';

export type Transfer = {
  item: UploadItem;
  file: File;
  signal: AbortSignal;
  /** requests at a time, of all files together */
  slots: Slots;
  /** the item has changed in a way that must be remembered */
  onChange: () => void;
};

const CHECKSUM = 'x-amz-checksum-crc32';
/** Parts of one file that are read and summed ahead. */
const PARTS_AT_ONCE = 4;

const pathOf = ({ place }: UploadItem): string => bucketPath(place.projectId, place.bucket);
const keyOf = ({ key }: UploadItem): string => `key=${encodeURIComponent(key)}`;

/** Resolves with the checksum of the whole, in hexadecimal. */
export async function transfer(work: Transfer): Promise<string> {
  const { item } = work;
  const checksum = item.sizeBytes <= PART_BYTES ? await sendWhole(work) : await sendParts(work);
  item.sentBytes = item.sizeBytes;
  return base64ToHex(checksum);
}

async function sendWhole({ item, file, signal, slots }: Transfer): Promise<string> {
  const crc = await checksumOf(file);
  const type = item.contentType === '' ? {} : { 'content-type': item.contentType };
  const stored = await slots.use(() =>
    sendBytes<StoredObject>(`${pathOf(item)}/object/content?${keyOf(item)}`, file, {
      headers: { [CHECKSUM]: crc, ...type },
      signal,
      onProgress: (sent) => {
        item.sentBytes = Math.min(sent, item.sizeBytes);
      },
    }),
  );
  return stored.checksum?.value ?? crc;
}

async function sendParts(work: Transfer): Promise<string> {
  const { item, signal } = work;
  const arrived = await arrivedParts(work);
  const count = Math.ceil(item.sizeBytes / item.partBytes);
  const missing = Array.from({ length: count }, (_, index) => index + 1).filter((part) => !arrived.has(part));
  const progress = new Map<number, number>();
  const update = (): void => {
    const settled = [...arrived.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    const moving = [...progress.values()].reduce((sum, bytes) => sum + bytes, 0);
    item.sentBytes = Math.min(item.sizeBytes, settled + moving);
  };
  update();
  const failed = new AbortController();
  const both = AbortSignal.any([signal, failed.signal]);
  const sendNext = async (): Promise<void> => {
    for (let part = missing.shift(); part !== undefined; part = missing.shift()) {
      const number = part;
      const onProgress = (sent: number): void => {
        progress.set(number, sent);
        update();
      };
      const done = await sendPart({ ...work, signal: both }, number, onProgress);
      progress.delete(number);
      arrived.set(number, done);
      update();
    }
  };
  try {
    await Promise.all(Array.from({ length: PARTS_AT_ONCE }, sendNext));
  } catch (error) {
    failed.abort(error);
    throw error;
  }
  return complete(work, arrived);
}

/** What an earlier try has sent; begins anew when the server no longer knows it. */
async function arrivedParts({ item, signal, onChange }: Transfer): Promise<Map<number, PartView>> {
  const arrived = new Map<number, PartView>();
  if (item.uploadId !== null && (await readParts(item, signal, arrived))) return arrived;
  const system = item.contentType === '' ? {} : { contentType: item.contentType };
  const body = { key: item.key, system };
  const upload = await request<UploadView>(`${pathOf(item)}/uploads`, { method: 'POST', body, signal });
  item.uploadId = upload.uploadId;
  onChange();
  return arrived;
}

async function readParts(item: UploadItem, signal: AbortSignal, arrived: Map<number, PartView>): Promise<boolean> {
  let cursor: string | null = null;
  try {
    do {
      const from: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const path = `${pathOf(item)}/uploads/${item.uploadId}/parts?${keyOf(item)}${from}`;
      const page: PartList = await request<PartList>(path, { signal });
      for (const part of page.items)
        if (part.bytes === partSize(item, part.partNumber)) arrived.set(part.partNumber, part);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.problem.code === 'no-such-upload') return false;
    throw error;
  }
}

const partSize = ({ sizeBytes, partBytes }: UploadItem, part: number): number =>
  Math.max(0, Math.min(sizeBytes, part * partBytes) - (part - 1) * partBytes);

async function sendPart(
  { item, file, signal, slots }: Transfer,
  part: number,
  onProgress: (sent: number) => void,
): Promise<PartView> {
  const start = (part - 1) * item.partBytes;
  const bytes = file.slice(start, start + item.partBytes);
  return slots.use(async () => {
    signal.throwIfAborted();
    const crc = await checksumOf(bytes);
    const path = `${pathOf(item)}/uploads/${item.uploadId}/parts/${part}?${keyOf(item)}`;
    return sendBytes<PartView>(path, bytes, { headers: { [CHECKSUM]: crc }, signal, onProgress });
  });
}

async function complete({ item, signal }: Transfer, arrived: ReadonlyMap<number, PartView>): Promise<string> {
  const parts = [...arrived.values()]
    .map(({ partNumber, etag }) => ({ partNumber, etag }))
    .toSorted((a, b) => a.partNumber - b.partNumber);
  const path = `${pathOf(item)}/uploads/${item.uploadId}/complete?${keyOf(item)}`;
  const done = await request<CompletedUpload>(path, { method: 'POST', body: { parts }, signal });
  return done.checksum?.value ?? '';
}

/** Gives the parts back that were sent of a file nobody wants any more. */
export async function dropParts(item: UploadItem): Promise<void> {
  if (item.uploadId === null) return;
  const path = `${pathOf(item)}/uploads/${item.uploadId}?${keyOf(item)}`;
  await request<void>(path, { method: 'DELETE' }).catch(() => undefined);
}
