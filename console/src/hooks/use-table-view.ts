// Search, sort and paging of a list that is in memory.
import { useMemo, useState } from 'react';

export type SortValue = string | number;
export type Sorting = { column: string; descending: boolean };
export type ViewColumn<Row> = { key: string; sort?: (row: Row) => SortValue };

export const pageSizes = [5, 10, 25, 50] as const;

export function compareValues(a: SortValue, b: SortValue, language: string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), language, { numeric: true, sensitivity: 'base' });
}

export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly ViewColumn<Row>[],
  sorting: Sorting | null,
  language: string,
): Row[] {
  const value = columns.find((column) => column.key === sorting?.column)?.sort;
  if (sorting === null || value === undefined) return [...rows];
  const sorted = rows.toSorted((a, b) => compareValues(value(a), value(b), language));
  return sorting.descending ? sorted.toReversed() : sorted;
}

export function searchRows<Row>(rows: readonly Row[], search: string, text: (row: Row) => string): readonly Row[] {
  const wanted = search.trim().toLowerCase();
  return wanted === '' ? rows : rows.filter((row) => text(row).toLowerCase().includes(wanted));
}

type Options<Row> = {
  rows: readonly Row[];
  columns: readonly ViewColumn<Row>[];
  text: (row: Row) => string;
  initial: Sorting | null;
  language: string;
};

export function useTableView<Row>({ rows, columns, text, initial, language }: Options<Row>) {
  const [search, setSearch] = useState('');
  const [sorting, setSorting] = useState(initial);
  const [pageSize, setPageSize] = useState<number>(10);
  const [wantedPage, setPage] = useState(0);
  const found = useMemo(() => searchRows(rows, search, text), [rows, search, text]);
  const sorted = useMemo(() => sortRows(found, columns, sorting, language), [found, columns, sorting, language]);
  const lastPage = Math.max(0, Math.ceil(sorted.length / pageSize) - 1);
  // Rows can vanish under an open page: stay on the last one that exists.
  const page = Math.min(wantedPage, lastPage);
  const visible = sorted.slice(page * pageSize, (page + 1) * pageSize);
  const sortBy = (column: string) =>
    setSorting((now) => ({ column, descending: now?.column === column ? !now.descending : false }));
  return {
    visible,
    total: sorted.length,
    search,
    setSearch,
    sorting,
    sortBy,
    pageSize,
    setPageSize,
    page,
    lastPage,
    setPage,
  };
}
