import { Checkbox, Table, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Sorting } from '../../hooks/use-table-view.ts';
import { type Column, type ListProps, toggled } from './column.ts';
import { SelectAll } from './select-all.tsx';
import classes from './table.module.css';

type Props<Row> = ListProps<Row> & { sorting: Sorting | null; onSort: (column: string) => void };

export function Rows<Row>(props: Props<Row>) {
  const { t } = useTranslation();
  const { label, rows, columns, rowId, actions, selection } = props;
  return (
    <Table.ScrollContainer minWidth={720} type="native" className={classes['scroll'] ?? ''}>
      <Table
        verticalSpacing={12}
        horizontalSpacing={12}
        fz="sm"
        highlightOnHover
        aria-label={label}
        className={classes['grid'] ?? ''}
      >
        <Table.Thead>
          <Table.Tr>
            {selection !== undefined && (
              <Table.Th w={44}>
                <SelectAll {...props} selection={selection} />
              </Table.Th>
            )}
            {columns.map((column) => (
              <Header key={column.key} column={column} sorting={props.sorting} onSort={props.onSort} />
            ))}
            {actions !== undefined && (
              <Table.Th w={56}>
                <VisuallyHidden>{t('table.actions')}</VisuallyHidden>
              </Table.Th>
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Row key={rowId(row)} row={row} {...props} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Row<Row>({ row, ...props }: Props<Row> & { row: Row }) {
  const { t } = useTranslation();
  const { columns, rowId, rowLabel, actions, selection, selectable } = props;
  const id = rowId(row);
  const chosen = selection?.ids.has(id) ?? false;
  return (
    <Table.Tr data-selected={chosen || undefined} className={classes['row'] ?? ''}>
      {selection !== undefined && (
        <Table.Td>
          <Checkbox
            aria-label={t('table.select', { name: rowLabel(row) })}
            checked={chosen}
            disabled={selectable?.(row) === false}
            onChange={() => selection.set(toggled(selection, id))}
          />
        </Table.Td>
      )}
      {columns.map((column) => (
        <Table.Td key={column.key}>{column.cell(row)}</Table.Td>
      ))}
      {actions !== undefined && <Table.Td className={classes['actions'] ?? ''}>{actions(row)}</Table.Td>}
    </Table.Tr>
  );
}

type HeaderProps<Row> = { column: Column<Row>; sorting: Sorting | null; onSort: (column: string) => void };

function Header<Row>({ column, sorting, onSort }: HeaderProps<Row>) {
  const width = column.width === undefined ? {} : { w: column.width };
  if (column.sort === undefined) return <Table.Th {...width}>{column.header}</Table.Th>;
  const direction = sorting?.column !== column.key ? 'none' : sorting.descending ? 'descending' : 'ascending';
  const Icon = direction === 'none' ? IconArrowsSort : direction === 'ascending' ? IconArrowUp : IconArrowDown;
  return (
    <Table.Th {...width} aria-sort={direction}>
      <UnstyledButton className={classes['sort'] ?? ''} data-direction={direction} onClick={() => onSort(column.key)}>
        {column.header}
        <Icon size={14} aria-hidden="true" />
      </UnstyledButton>
    </Table.Th>
  );
}
