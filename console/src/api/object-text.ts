// The beginning of an object as text, for previews: fetched by the page and shown as text, never as a page.
import { queryOptions } from '@tanstack/react-query';
import type { ObjectView } from '../../../src/console-api/contract/objects.ts';
import { contentUrl, type Place } from './objects.ts';
import { UnreachableError } from './request.ts';

export type ObjectText = {
  text: string;
  /** there is more of it */
  truncated: boolean;
  /** it does not look like text */
  binary: boolean;
};

/** Bytes that are text in no encoding a preview could guess. */
const looksBinary = (bytes: Uint8Array): boolean => bytes.subarray(0, 4096).includes(0);

async function readText(place: Place, object: ObjectView, maxBytes: number, signal: AbortSignal): Promise<ObjectText> {
  if (object.bytes === 0) return { text: '', truncated: false, binary: false };
  const name = object.versionId === 'null' ? { key: object.key } : { key: object.key, versionId: object.versionId };
  const headers = { range: `bytes=0-${maxBytes - 1}` };
  const response = await fetch(contentUrl(place, name, 'attachment'), { headers, signal, cache: 'no-store' });
  if (!response.ok) throw new UnreachableError(response.status);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const truncated = object.bytes > bytes.length;
  // a character cut at the end is left out
  const text = new TextDecoder('utf-8').decode(bytes, { stream: truncated });
  return { text, truncated, binary: looksBinary(bytes) };
}

export const textQuery = (place: Place, object: ObjectView, maxBytes: number) =>
  queryOptions({
    queryKey: ['object', place.projectId, place.bucket, object.key, object.versionId, object.etag, 'text', maxBytes],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => readText(place, object, maxBytes, signal),
  });
