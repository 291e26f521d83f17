import type { ReactNode } from 'react';
import type { Sorting } from '../../hooks/use-table-view.ts';
import type { Selection } from '../../objects/selection.ts';

export type GridColumn<Row> = {
  key: string;
  header: string;
  /** a track of the CSS grid: `120px`, `minmax(200px, 1fr)` */
  width: string;
  cell: (row: Row) => ReactNode;
  sortable?: boolean;
  /** numbers stand right */
  end?: boolean;
  /** left out where there is little room: `phone` shows it everywhere */
  from?: 'phone' | 'tablet' | 'desktop';
};

/** What both halves of the grid (its head and its rows) are made from. */
export type GridProps<Row> = {
  /** no higher than its rows; what is around it says how high at most */
  fit?: boolean;
  label: string;
  columns: readonly GridColumn<Row>[];
  count: number;
  rowAt: (index: number) => Row | undefined;
  rowId: (row: Row) => string;
  rowLabel: (row: Row) => string;
  sorting: Sorting | null;
  onSort: (column: string) => void;
  /** absent: rows are not chosen */
  selection?: { now: Selection; set: (next: Selection) => void };
  /** Enter, or a double press */
  onOpen: (row: Row) => void;
  /** the menu at the end of a row */
  actions?: (row: Row) => ReactNode;
  /** further keys: Delete, F2 */
  onKey?: (key: string, row: Row | undefined) => boolean;
  /** the last row that can be seen */
  onVisible?: (lastIndex: number) => void;
  /** more rows are on their way */
  busy?: boolean;
};
