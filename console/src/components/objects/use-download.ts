import { useProblem } from '../../hooks/use-problem.ts';
import { contentUrl, createArchive, type Place } from '../../api/objects.ts';
import { followLink } from '../../save-file.ts';
import type { Entry } from '../../objects/listing.ts';

/** One file as it is; several, or a folder, as one ZIP file. */
export function useDownload(place: Place) {
  const problem = useProblem();
  return async (entries: readonly Entry[], base: string): Promise<void> => {
    const [only] = entries;
    if (entries.length === 1 && only !== undefined && only.kind !== 'prefix') {
      followLink(contentUrl(place, { key: only.key }, 'attachment'));
      return;
    }
    const items = entries.map((entry) => (entry.kind === 'prefix' ? { prefix: entry.prefix } : { key: entry.key }));
    const folder = entries.length === 1 && only?.kind === 'prefix' ? { name: nameFor(only.prefix) } : {};
    try {
      const { path } = await createArchive(place, { items, base, ...folder });
      followLink(path);
    } catch (error) {
      problem.notify(error);
    }
  };
}

const nameFor = (prefix: string): string => prefix.replace(/\/$/, '').split('/').at(-1) || 'folder';
