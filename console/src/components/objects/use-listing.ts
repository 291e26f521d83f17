import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { listPage, listVersionPage, type Place } from '../../api/objects.ts';
import { onChanged } from '../../objects/changes.ts';
import { Listing } from '../../objects/listing.ts';

type Options = { prefix: string; find: string; versions: boolean };

/** The listing of a folder; another folder is another listing. */
export function useListing({ projectId, bucket }: Place, { prefix, find, versions }: Options) {
  const listing = useMemo(() => {
    const load = versions ? listVersionPage : listPage;
    const place = { projectId, bucket };
    return new Listing((cursor, signal) => load(place, { prefix: prefix + find, delimiter: '/', cursor, signal }));
  }, [projectId, bucket, prefix, find, versions]);
  useEffect(() => {
    void listing.more();
    const stop = onChanged((place) => {
      if (place.projectId === projectId && place.bucket === bucket) void listing.refresh();
    });
    return () => {
      stop();
      listing.close();
    };
  }, [listing, projectId, bucket]);
  return { listing, state: useSyncExternalStore(listing.subscribe, listing.getState) };
}
