// A list with search, sort, pager and selection: a table on a desktop, cards on a phone.
import { Paper } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type Sorting, useTableView } from '../../hooks/use-table-view.ts';
import { EmptyState } from '../empty-state.tsx';
import { ProblemNotice } from '../problem-notice.tsx';
import { IconSearchOff } from '@tabler/icons-react';
import { Cards } from './cards.tsx';
import type { Column, ListProps } from './column.ts';
import { Pager } from './pager.tsx';
import { Rows } from './rows.tsx';
import { TableSkeleton } from './table-skeleton.tsx';
import { Toolbar } from './toolbar.tsx';

type Props<Row> = Omit<ListProps<Row>, 'rows'> & {
  /** undefined while loading */
  rows: readonly Row[] | undefined;
  columns: readonly Column<Row>[];
  error: Error | null;
  onRefresh: () => void;
  refreshing: boolean;
  /** what the search looks at; must be stable */
  text: (row: Row) => string;
  searchLabel: string;
  initialSort?: Sorting;
  empty: ReactNode;
  /** heading of the block, left in the toolbar */
  heading?: ReactNode;
  /** buttons right in the toolbar */
  tools?: ReactNode;
};

const none: readonly never[] = [];

export function DataTable<Row>(props: Props<Row>) {
  const { t, i18n } = useTranslation();
  const phone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const language = i18n.resolvedLanguage ?? 'en';
  const { rows, columns, text, empty, error, onRefresh } = props;
  const view = useTableView({ rows: rows ?? none, columns, text, initial: props.initialSort ?? null, language });
  const Layout = phone ? Cards : Rows;
  const body = () => {
    if (rows === undefined) return error === null ? <TableSkeleton /> : null;
    if (rows.length === 0) return empty;
    if (view.total === 0) return <EmptyState icon={<IconSearchOff size={24} />} title={t('table.nothing-found')} />;
    return <Layout {...props} rows={view.visible} sorting={view.sorting} onSort={view.sortBy} />;
  };
  return (
    <Paper withBorder radius="lg" component="section" aria-label={props.label} aria-busy={rows === undefined}>
      <Toolbar {...props} view={view} searchable={(rows?.length ?? 0) > 0} />
      {error !== null && rows === undefined && (
        <div style={{ padding: 16 }}>
          <ProblemNotice error={error} onRetry={onRefresh} />
        </div>
      )}
      {body()}
      {view.total > 5 && <Pager view={view} />}
    </Paper>
  );
}
