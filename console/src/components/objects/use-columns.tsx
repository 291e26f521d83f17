import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../hooks/use-format.ts';
import type { Entry } from '../../objects/listing.ts';
import { endingOf } from '../../objects/names.ts';
import { DateTime } from '../date-time.tsx';
import type { GridColumn } from '../grid/column.ts';
import { EntryName } from './entry-name.tsx';

const none = (
  <Text span inherit c="dimmed">
    —
  </Text>
);

export function useColumns(versions: boolean, onOpen: (entry: Entry) => void): GridColumn<Entry>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const columns: GridColumn<Entry>[] = [
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
  return columns.filter(({ key }) => versions || key !== 'version');
}
