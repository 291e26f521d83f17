// A page of versions may end within a key: its cursor names the version, too. NUL cannot be told from a key's own, so
// the two stand as JSON.
import { z } from 'zod';
import { ProblemError } from '../../shared/errors.ts';
import { decodeCursor, encodeCursor } from '../paging.ts';

const markers = z.tuple([z.string(), z.string().nullable()]);

export type VersionMarkers = { readonly keyMarker: string; readonly versionIdMarker: string | null };

export const encodeVersionMarkers = ({ keyMarker, versionIdMarker }: VersionMarkers): string =>
  encodeCursor(JSON.stringify([keyMarker, versionIdMarker]));

export function decodeVersionMarkers(cursor: string): VersionMarkers {
  const text = decodeCursor(cursor);
  try {
    const [keyMarker, versionIdMarker] = markers.parse(JSON.parse(text));
    return { keyMarker, versionIdMarker };
  } catch (cause) {
    const message = 'This cursor is not one that the server made. Start from the first page.';
    throw new ProblemError(400, 'invalid-cursor', message, { field: 'cursor', cause });
  }
}
