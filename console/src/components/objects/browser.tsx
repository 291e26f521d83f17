// The object browser: folders, files, what can be done with them. Dialogs and details are loaded when they are opened.
import { Paper } from '@mantine/core';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Place } from '../../api/objects.ts';
import type { Entry } from '../../objects/listing.ts';
import { idOf } from '../../objects/rows.ts';
import { nothingSelected, type Selection } from '../../objects/selection.ts';
import { ProblemNotice } from '../problem-notice.tsx';
import { TableSkeleton } from '../table/table-skeleton.tsx';
import type { BrowserDialog } from './actions.ts';
import { BrowserBar } from './browser-bar.tsx';
import { BrowserFoot } from './browser-foot.tsx';
import { BrowserRows } from './browser-rows.tsx';
import { EmptyFolder } from './empty-folder.tsx';
import { toFolder, withDetails, withoutDetails } from './navigate.ts';
import { useDrop } from './use-drop.ts';
import { useRows } from './use-rows.ts';
import { useUpload } from './use-upload.ts';
import type { BrowserView } from './view.ts';
import classes from './browser.module.css';

const BrowserDialogs = lazy(async () => ({ default: (await import('./dialogs.tsx')).BrowserDialogs }));
const ObjectDetails = lazy(async () => ({ default: (await import('./details/details.tsx')).ObjectDetails }));

type Props = { place: Place; view: BrowserView; onView: (view: BrowserView) => void };

export function ObjectBrowser({ place, view, onView }: Props) {
  const { t } = useTranslation();
  const { prefix = '', find = '', versions = false } = view;
  const listed = useRows(place, { prefix, find, versions });
  const { listing, state, rows } = listed;
  const [selection, setSelection] = useState<Selection>(nothingSelected);
  const [dialog, setDialog] = useState<BrowserDialog | null>(null);
  const chosen = useMemo(() => rows.filter((entry) => selection.ids.has(idOf(entry))), [rows, selection.ids]);
  const go = (next: BrowserView) => {
    setSelection(nothingSelected);
    onView(next);
  };
  const mayUpload = state.rights.includes('upload');
  const upload = useUpload(place, prefix);
  const { over, handlers } = useDrop(mayUpload, upload);
  const { error, first, complete } = state;
  const empty = complete && rows.length === 0 && error === null;
  const shared = { place, view, chosen, selection, onSelection: setSelection, onGo: go, onDialog: setDialog };
  const forget = (entries: readonly Entry[]) => {
    const gone = new Set(entries.map(idOf));
    listing.remove((entry) => gone.has(idOf(entry)));
    setSelection(nothingSelected);
  };
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
      <BrowserBar {...shared} listing={listing} state={state} onUpload={upload} />
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
          onUpload={upload}
          onClear={() => go(toFolder(view, prefix))}
        />
      )}
      {rows.length > 0 && (
        <>
          <BrowserRows {...shared} {...listed} onDetails={(entry) => onView(withDetails(view, entry))} />
          <BrowserFoot state={state} sorting={listed.sorting} />
        </>
      )}
      {over && (
        <div className={classes['drop']}>{t('objects.drop', { name: prefix === '' ? place.bucket : prefix })}</div>
      )}
      <Suspense fallback={null}>
        {dialog !== null && (
          <BrowserDialogs
            place={place}
            prefix={prefix}
            dialog={dialog}
            rights={state.rights}
            onGone={forget}
            onClose={() => setDialog(null)}
          />
        )}
        {view.object !== undefined && (
          <ObjectDetails
            place={place}
            name={{ key: view.object, ...(view.version === undefined ? {} : { versionId: view.version }) }}
            neighbours={rows}
            onOther={(entry) => onView(withDetails(view, entry))}
            onDialog={setDialog}
            onClose={() => onView(withoutDetails(view))}
          />
        )}
      </Suspense>
    </Paper>
  );
}
