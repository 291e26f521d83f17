// Says that something in a bucket has changed, to whatever shows it: the listing that is open, the sizes of buckets.
import type { Place } from '../api/objects.ts';
import { refetch } from '../api/query-client.ts';

type Listener = (place: Place) => void;

const listeners = new Set<Listener>();
const waiting = new Map<string, { place: Place; timer: ReturnType<typeof setTimeout> }>();
/** Many changes in a row are told as one. */
const QUIET_MS = 700;

export function onChanged(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function announceChange(place: Place): void {
  const id = `${place.projectId} ${place.bucket}`;
  if (waiting.has(id)) return;
  const timer = setTimeout(() => {
    waiting.delete(id);
    for (const listener of listeners) listener(place);
    refetch(['projects'], ['object', place.projectId, place.bucket]);
  }, QUIET_MS);
  waiting.set(id, { place, timer });
}
