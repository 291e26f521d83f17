import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Place } from '../../api/objects.ts';
import type { Sorting } from '../../hooks/use-table-view.ts';
import { arrange, MAX_SORTED } from '../../objects/rows.ts';
import { useListing } from './use-listing.ts';

type Options = { prefix: string; find: string; versions: boolean };

/** The listing of a folder in the order that was chosen. Another folder begins in the order of its own. */
export function useRows(place: Place, options: Options) {
  const { i18n } = useTranslation();
  const { listing, state } = useListing(place, options);
  const [chosen, choose] = useState<{ listing: unknown; sorting: Sorting }>();
  const sorting = chosen?.listing === listing ? chosen.sorting : null;
  const language = i18n.resolvedLanguage ?? 'en';
  const { rows: loaded, version: grown, complete } = state;
  const rows = useMemo(
    () => arrange(loaded, { sorting, language, complete }),
    // the array is the same one while it grows
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [loaded, grown, sorting, language, complete],
  );
  const sortBy = (column: string): void => {
    if (rows.length > MAX_SORTED) return;
    const descending = sorting?.column === column ? !sorting.descending : column !== 'name';
    choose({ listing, sorting: { column, descending } });
  };
  return { listing, state, rows, sorting, sortBy };
}
