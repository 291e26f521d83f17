import type { ReactNode } from 'react';
import type { ViewColumn } from '../../hooks/use-table-view.ts';

export type Column<Row> = ViewColumn<Row> & {
  header: string;
  cell: (row: Row) => ReactNode;
  /** CSS width on desktop */
  width?: number | string;
  /** the card's heading on a phone: the first column unless told otherwise */
  title?: boolean;
};

export type Selection = {
  ids: ReadonlySet<string>;
  set: (ids: ReadonlySet<string>) => void;
};

/** What both layouts (rows on a desktop, cards on a phone) are made from. */
export type ListProps<Row> = {
  label: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  rowId: (row: Row) => string;
  rowLabel: (row: Row) => string;
  actions?: (row: Row) => ReactNode;
  selection?: Selection;
  selectable?: (row: Row) => boolean;
};

export function toggled(selection: Selection, id: string): ReadonlySet<string> {
  const next = new Set(selection.ids);
  if (!next.delete(id)) next.add(id);
  return next;
}
