import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useSteady } from '../../hooks/use-steady.ts';
import type { Sorting } from '../../hooks/use-table-view.ts';
import type { Entry, Listing, ListingState } from '../../objects/listing.ts';
import { idOf, labelOf } from '../../objects/rows.ts';
import { Grid } from '../grid/grid.tsx';
import type { EntryAction } from './actions.ts';
import { EntryMenu } from './entry-menu.tsx';
import { toFolder, toParent } from './navigate.ts';
import type { SharedProps } from './shared-props.ts';
import { useColumns } from './use-columns.tsx';
import { useDownload } from './use-download.ts';
import { useRestore } from './use-restore.ts';

type Props = SharedProps & {
  listing: Listing;
  state: ListingState;
  rows: readonly Entry[];
  sorting: Sorting | null;
  sortBy: (column: string) => void;
  onDetails: (entry: Entry) => void;
};

/** The next page is on its way this many rows before the last one is in sight. */
const AHEAD = 300;

export function BrowserRows(props: Props) {
  const { t } = useTranslation();
  const { place, view, chosen, selection, onSelection, onGo, onDialog, listing, state, rows, onDetails } = props;
  const { prefix = '', find = '', versions = false } = view;
  const download = useDownload(place);
  const restore = useRestore(place);
  const open = useSteady((entry: Entry) => {
    if (entry.kind === 'prefix') onGo(toFolder(view, entry.prefix));
    else if (entry.kind === 'object' || !entry.deleteMarker) onDetails(entry);
  });
  const act = useSteady((action: EntryAction, entry: Entry) => {
    if (action === 'details') onDetails(entry);
    else if (action === 'download') void download([entry], prefix);
    else if (action === 'restore') restore(entry);
    else if (action === 'rename') onDialog({ kind: 'rename', entry });
    else onDialog({ kind: action, entries: [entry] });
  });
  const press = (key: string, entry: Entry | undefined): boolean => {
    const subject = chosen.length > 0 ? chosen : entry === undefined ? [] : [entry];
    if (key === 'Delete' && subject.length > 0) onDialog({ kind: 'delete', entries: subject });
    else if (key === 'F2' && entry !== undefined && entry.kind !== 'version') onDialog({ kind: 'rename', entry });
    else if (key === 'Backspace' && prefix !== '') onGo(toParent(view));
    else return false;
    return true;
  };
  const more = useCallback(
    (last: number) => {
      if (last >= listing.getState().rows.length - AHEAD) void listing.more();
    },
    [listing],
  );
  const { rights } = state;
  const menu = useCallback(
    (entry: Entry) => <EntryMenu place={place} entry={entry} rights={rights} onAction={act} />,
    [place, rights, act],
  );
  return (
    <Grid
      key={`${prefix} ${find} ${versions}`}
      label={t('objects.in-folder', { name: prefix === '' ? place.bucket : prefix })}
      columns={useColumns(versions, open)}
      count={rows.length}
      rowAt={(index) => rows[index]}
      rowId={idOf}
      rowLabel={labelOf}
      sorting={props.sorting}
      onSort={props.sortBy}
      selection={{ now: selection, set: onSelection }}
      onOpen={open}
      onKey={press}
      onVisible={more}
      busy={state.loading}
      actions={menu}
    />
  );
}
