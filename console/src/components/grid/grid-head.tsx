import { UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Layout } from '../../hooks/use-layout.ts';
import type { Sorting } from '../../hooks/use-table-view.ts';
import type { GridColumn, GridProps } from './column.ts';
import { fits } from './tracks.ts';
import classes from './grid.module.css';

type Props<Row> = GridProps<Row> & { layout: Layout; check: ReactNode };

export function GridHead<Row>({ columns, layout, check, sorting, onSort, actions }: Props<Row>) {
  const { t } = useTranslation();
  return (
    <div role="rowgroup" className={classes['head']}>
      <div role="row" aria-rowindex={1} className={classes['row']}>
        {check !== null && (
          <div role="columnheader" className={classes['check']}>
            {check}
          </div>
        )}
        {columns
          .filter((column) => fits(column, layout))
          .map((column) => (
            <Header key={column.key} column={column} sorting={sorting} onSort={onSort} />
          ))}
        {actions !== undefined && (
          <div role="columnheader">
            <VisuallyHidden>{t('table.actions')}</VisuallyHidden>
          </div>
        )}
      </div>
    </div>
  );
}

type HeaderProps<Row> = { column: GridColumn<Row>; sorting: Sorting | null; onSort: (column: string) => void };

function Header<Row>({ column, sorting, onSort }: HeaderProps<Row>) {
  const end = column.end === true || undefined;
  if (column.sortable !== true) {
    return (
      <div role="columnheader" className={classes['cell']} data-end={end}>
        {column.header}
      </div>
    );
  }
  const direction = sorting?.column !== column.key ? 'none' : sorting.descending ? 'descending' : 'ascending';
  const Icon = direction === 'descending' ? IconArrowDown : IconArrowUp;
  return (
    <div role="columnheader" aria-sort={direction} className={classes['cell']} data-end={end}>
      <UnstyledButton className={classes['sort'] ?? ''} data-direction={direction} onClick={() => onSort(column.key)}>
        {column.header}
        <Icon size={14} aria-hidden="true" />
      </UnstyledButton>
    </div>
  );
}
