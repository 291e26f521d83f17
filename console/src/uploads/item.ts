// One file on its way into a bucket.
import type { Place } from '../api/objects.ts';

export type UploadStatus =
  /** its turn comes */
  | 'waiting'
  | 'sending'
  | 'done'
  | 'failed'
  /** the page was left: the file must be chosen again, or may be opened again */
  | 'interrupted';

export type UploadItem = {
  id: string;
  /** of the page that sends it; another page may take it over when that one is gone */
  tab: string;
  place: Place;
  key: string;
  /** as it was chosen: `folder/name`, or the name */
  path: string;
  sizeBytes: number;
  /** ms since 1970; with size and path it tells whether a file is the same one */
  lastModified: number;
  contentType: string;
  status: UploadStatus;
  /** of an upload in parts */
  uploadId: string | null;
  partBytes: number;
  sentBytes: number;
  /** hexadecimal CRC-32 of what the server has */
  checksum: string | null;
  problem: string | null;
  file: File | null;
  /** where the browser can open the file again by itself */
  handle: FileSystemFileHandle | null;
};

export type PickedFile = { file: File; path: string; handle: FileSystemFileHandle | null };

const MIB = 1024 ** 2;
/** Smaller files go in one request. */
export const PART_BYTES = 16 * MIB;
const MAX_PARTS = 10_000;

/** Whole MiB, as many as keep the file below 10,000 parts. */
export const partBytesFor = (sizeBytes: number): number =>
  Math.max(PART_BYTES, Math.ceil(sizeBytes / MAX_PARTS / MIB) * MIB);

export function newItem(tab: string, place: Place, prefix: string, { file, path, handle }: PickedFile): UploadItem {
  return {
    id: crypto.randomUUID(),
    tab,
    place,
    key: prefix + path,
    path,
    sizeBytes: file.size,
    lastModified: file.lastModified,
    contentType: file.type,
    status: 'waiting',
    uploadId: null,
    partBytes: partBytesFor(file.size),
    sentBytes: 0,
    checksum: null,
    problem: null,
    file,
    handle,
  };
}

type Fingerprint = Pick<UploadItem, 'path' | 'sizeBytes' | 'lastModified'>;

const fingerprint = ({ path, sizeBytes, lastModified }: Fingerprint): string => `${sizeBytes} ${lastModified} ${path}`;
const loose = (item: Fingerprint): string =>
  fingerprint({ ...item, path: item.path.slice(item.path.lastIndexOf('/') + 1) });

/**
 * Which of the interrupted items each chosen file is. A file chosen alone has no folder in its path: then its name, size
 * and time of change tell, if they tell it from all others.
 */
export function matchFiles(items: readonly UploadItem[], picked: readonly PickedFile[]): Map<UploadItem, PickedFile> {
  const exact = new Map(items.map((item) => [fingerprint(item), item]));
  const byName = new Map<string, UploadItem | null>();
  for (const item of items) byName.set(loose(item), byName.has(loose(item)) ? null : item);
  const found = new Map<UploadItem, PickedFile>();
  for (const one of picked) {
    const { file, path } = one;
    const print = { path, sizeBytes: file.size, lastModified: file.lastModified };
    const item = exact.get(fingerprint(print)) ?? byName.get(loose(print)) ?? undefined;
    if (item !== undefined && !found.has(item)) found.set(item, one);
  }
  return found;
}
