import type { GridProps } from './column.ts';

/** The rows as choosing them sees them: how many, and which id stands where. */
export const rowsOf = <Row>({ count, rowAt, rowId }: Pick<GridProps<Row>, 'count' | 'rowAt' | 'rowId'>) => ({
  count,
  idAt: (index: number): string | undefined => {
    const row = rowAt(index);
    return row === undefined ? undefined : rowId(row);
  },
});
