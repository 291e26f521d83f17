// The object browser: folders, files, what can be done with them. Dialogs and details are loaded when they are opened.
import { Paper } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { bucketQuery } from '../../api/buckets.ts';
import type { Place } from '../../api/objects.ts';
import type { Sorting } from '../../hooks/use-table-view.ts';
import { openActivity } from '../../objects/activity.ts';
import type { Entry } from '../../objects/listing.ts';
import { arrange, idOf, isFile, labelOf, MAX_SORTED } from '../../objects/rows.ts';
import { clear, nothingSelected, type Selection } from '../../objects/selection.ts';
import type { PickedFile } from '../../uploads/item.ts';
import { Grid } from '../grid/grid.tsx';
import { ProblemNotice } from '../problem-notice.tsx';
import { TableSkeleton } from '../table/table-skeleton.tsx';
import type { BrowserDialog, EntryAction } from './actions.ts';
import { BrowserFoot } from './browser-foot.tsx';
import { EmptyFolder } from './empty-folder.tsx';
import { EntryMenu } from './entry-menu.tsx';
import { PathBar } from './path-bar.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { Toolbar } from './toolbar.tsx';
import { useColumns } from './use-columns.tsx';
import { useDownload } from './use-download.ts';
import { useDrop } from './use-drop.ts';
import { useListing } from './use-listing.ts';
import { useRestore } from './use-restore.ts';
import type { BrowserView } from './view.ts';
import classes from './browser.module.css';

const BrowserDialogs = lazy(async () => ({ default: (await import('./dialogs.tsx')).BrowserDialogs }));
const ObjectDetails = lazy(async () => ({ default: (await import('./details/details.tsx')).ObjectDetails }));

type Props = {
  place: Place;
  view: BrowserView;
  onView: (view: BrowserView, replace?: boolean) => void;
};

/** The next page is on its way this many rows before the last one is in sight. */
const AHEAD = 300;

export function ObjectBrowser({ place, view, onView }: Props) {
  const { t, i18n } = useTranslation();
  const { prefix = '', find = '', versions = false } = view;
  const { listing, state } = useListing(place, { prefix, find, versions });
  const bucket = useQuery(bucketQuery(place.projectId, place.bucket)).data;
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const [selection, setSelection] = useState<Selection>(nothingSelected);
  const [dialog, setDialog] = useState<BrowserDialog | null>(null);
  const download = useDownload(place);
  const restore = useRestore(place);
  const language = i18n.resolvedLanguage ?? 'en';
  const { rows: loaded, version, complete, rights, loading, first, error } = state;
  const rows = useMemo(
    () => arrange(loaded, { sorting, language, complete }),
    // the array is the same one while it grows
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [loaded, version, sorting, language, complete],
  );
  const chosen = useMemo(() => rows.filter((entry) => selection.ids.has(idOf(entry))), [rows, selection.ids]);
  const go = (next: BrowserView) => {
    setSelection(nothingSelected);
    setSorting(null);
    onView(next);
  };
  const kept = versions ? ({ versions: true } as const) : {};
  const folder = (to: string) => go({ ...kept, ...(to === '' ? {} : { prefix: to }) });
  const details = (entry: Entry) => {
    const { object: _object, version: _version, ...rest } = view;
    if (!isFile(entry)) return;
    const version = entry.kind === 'version' ? { version: entry.versionId } : {};
    onView({ ...rest, object: entry.key, ...version });
  };
  const open = (entry: Entry) => {
    if (entry.kind === 'prefix') folder(entry.prefix);
    else if (entry.kind === 'object' || !entry.deleteMarker) details(entry);
  };
  const act = (action: EntryAction, entry: Entry) => {
    if (action === 'details' || action === 'share') details(entry);
    else if (action === 'download') void download([entry], prefix);
    else if (action === 'restore') restore(entry);
    else if (action === 'rename') setDialog({ kind: 'rename', entry });
    else setDialog({ kind: action, entries: [entry] });
  };
  const mayUpload = rights.includes('upload') && !first;
  const upload = useCallback(
    async (picked: readonly PickedFile[]) => {
      if (picked.length === 0) return;
      const { uploads } = await import('../../uploads/queue.ts');
      uploads.add(place, prefix, picked);
      openActivity(place.projectId);
    },
    [place, prefix],
  );
  const { over, handlers } = useDrop(mayUpload, (picked) => void upload(picked));
  const more = useCallback(
    (last: number) => {
      if (last >= listing.getState().rows.length - AHEAD) void listing.more();
    },
    [listing],
  );
  const onSort = (column: string) =>
    setSorting((now) => ({ column, descending: now?.column === column ? !now.descending : column !== 'name' }));
  const onKey = (key: string, entry: Entry | undefined): boolean => {
    const subject = chosen.length > 0 ? chosen : entry === undefined ? [] : [entry];
    if (key === 'Delete' && subject.length > 0) setDialog({ kind: 'delete', entries: subject });
    else if (key === 'F2' && entry !== undefined && entry.kind !== 'version') setDialog({ kind: 'rename', entry });
    else if (key === 'Backspace' && prefix !== '') folder(prefix.replace(/[^/]*\/$/, ''));
    else return false;
    return true;
  };
  const columns = useColumns(versions, open);
  const empty = complete && rows.length === 0 && error === null;
  return (
    <Paper
      withBorder
      radius="lg"
      component="section"
      aria-label={t('objects.title')}
      className={classes['panel'] ?? ''}
      data-empty={(empty && prefix === '' && find === '') || undefined}
      {...handlers}
    >
      {chosen.length > 0 ? (
        <SelectionBar
          chosen={chosen}
          mayDownload={rights.includes('download')}
          mayDelete={rights.includes(versions ? 'delete-versions' : 'delete')}
          onDownload={() => void download(chosen, prefix)}
          onCopy={() => setDialog({ kind: 'copy', entries: chosen })}
          onMove={() => setDialog({ kind: 'move', entries: chosen })}
          onDelete={() => setDialog({ kind: 'delete', entries: chosen })}
          onClear={() => setSelection(clear)}
        />
      ) : (
        <Toolbar
          path={<PathBar bucket={place.bucket} prefix={prefix} onGo={folder} />}
          find={find}
          onFind={(next) => {
            const { find: _find, ...rest } = view;
            go(next === '' ? rest : { ...rest, find: next });
          }}
          versions={bucket === undefined || bucket.versioning === 'off' ? null : versions}
          onVersions={(on) => {
            const { versions: _versions, ...rest } = view;
            go(on ? { ...rest, versions: true } : rest);
          }}
          refreshing={loading && !first}
          onRefresh={() => void listing.refresh()}
          mayUpload={mayUpload}
          onUpload={(picked) => void upload(picked)}
          onNewFolder={() => setDialog({ kind: 'new-folder' })}
        />
      )}
      {error !== null && (
        <div className={classes['problem']}>
          <ProblemNotice error={error} onRetry={() => void (first ? listing.more() : listing.refresh())} />
        </div>
      )}
      {first && error === null && <TableSkeleton />}
      {empty && (
        <EmptyFolder
          place={place}
          top={prefix === ''}
          find={find}
          mayUpload={mayUpload}
          onUpload={(picked) => void upload(picked)}
          onClear={() => go(prefix === '' ? kept : { ...kept, prefix })}
        />
      )}
      {rows.length > 0 && (
        <Grid
          key={`${prefix} ${find} ${versions}`}
          label={t('objects.in-folder', { name: prefix === '' ? place.bucket : prefix })}
          columns={columns}
          count={rows.length}
          rowAt={(index) => rows[index]}
          rowId={idOf}
          rowLabel={labelOf}
          sorting={sorting}
          onSort={rows.length > MAX_SORTED ? () => setSorting(null) : onSort}
          selection={{ now: selection, set: setSelection }}
          onOpen={open}
          onKey={onKey}
          onVisible={more}
          busy={loading}
          actions={(entry) => <EntryMenu place={place} entry={entry} rights={rights} onAction={act} />}
        />
      )}
      {rows.length > 0 && <BrowserFoot state={state} sorting={sorting} />}
      {over && (
        <div className={classes['drop']}>{t('objects.drop', { name: prefix === '' ? place.bucket : prefix })}</div>
      )}
      <Suspense fallback={null}>
        {dialog !== null && (
          <BrowserDialogs
            place={place}
            prefix={prefix}
            dialog={dialog}
            rights={rights}
            onGone={(entries) => {
              const gone = new Set(entries.map(idOf));
              listing.remove((entry) => gone.has(idOf(entry)));
              setSelection(nothingSelected);
            }}
            onClose={() => setDialog(null)}
          />
        )}
        {view.object !== undefined && (
          <ObjectDetails
            key={`${view.object} ${view.version ?? ''}`}
            place={place}
            name={{ key: view.object, ...(view.version === undefined ? {} : { versionId: view.version }) }}
            neighbours={rows}
            onOther={details}
            onDialog={setDialog}
            onClose={() => {
              const { object: _object, version: _version, ...rest } = view;
              onView(rest);
            }}
          />
        )}
      </Suspense>
    </Paper>
  );
}
