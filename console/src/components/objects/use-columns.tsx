import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../hooks/use-format.ts';
import type { Entry } from '../../objects/listing.ts';
import { endingOf } from '../../objects/names.ts';
import { DateTime } from '../date-time.tsx';
import type { GridColumn } from '../grid/column.ts';
import { EntryName } from './entry-name.tsx';
import classes from './browser.module.css';

type Translate = ReturnType<typeof useTranslation>['t'];
type Open = (entry: Entry) => void;

const none = <span className={classes['none']}>—</span>;

/** The same columns from render to render, so that rows stay as they are. */
export function useColumns(versions: boolean, onOpen: Open): readonly GridColumn<Entry>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return useMemo(
    () => columnsOf(t, format, onOpen).filter(({ key }) => versions || key !== 'version'),
    [t, format, onOpen, versions],
  );
}

function columnsOf(t: Translate, format: ReturnType<typeof useFormat>, onOpen: Open): GridColumn<Entry>[] {
  return [
    {
      key: 'name',
      header: t('objects.name'),
      width: 'minmax(0, 1fr)',
      sortable: true,
      cell: (entry) => <EntryName entry={entry} onOpen={onOpen} />,
    },
    {
      key: 'version',
      header: t('objects.version-id'),
      width: '150px',
      from: 'desktop',
      cell: (entry) =>
        entry.kind === 'version' ? (
          <span className="mono" title={entry.versionId}>
            {entry.versionId.slice(0, 12)}
          </span>
        ) : (
          none
        ),
    },
    {
      key: 'type',
      header: t('objects.type'),
      width: '90px',
      sortable: true,
      from: 'desktop',
      cell: (entry) => (entry.kind === 'prefix' ? t('objects.folder') : endingOf(entry.key) || none),
    },
    {
      key: 'size',
      header: t('buckets.size'),
      width: '110px',
      sortable: true,
      end: true,
      from: 'tablet',
      cell: (entry) => (entry.kind === 'prefix' ? none : <span className="num">{format.bytes(entry.bytes)}</span>),
    },
    {
      key: 'class',
      header: t('bucket.class'),
      width: '130px',
      sortable: true,
      from: 'desktop',
      cell: (entry) => (entry.kind === 'prefix' ? none : (entry.storageClass ?? none)),
    },
    {
      key: 'modified',
      header: t('objects.modified'),
      width: '160px',
      sortable: true,
      from: 'tablet',
      cell: (entry) => (entry.kind === 'prefix' ? none : <DateTime iso={entry.lastModified} />),
    },
  ];
}
