import type { Layout } from '../../hooks/use-layout.ts';
import type { GridColumn } from './column.ts';

const order = { phone: 0, tablet: 1, desktop: 2 } as const;

/** Whether there is room for the column. */
export const fits = <Row>({ from = 'phone' }: Pick<GridColumn<Row>, 'from'>, layout: Layout): boolean =>
  order[layout] >= order[from];

/** grid-template-columns of every row. */
export function tracksOf<Row>(
  columns: readonly GridColumn<Row>[],
  layout: Layout,
  checks: boolean,
  menus: boolean,
): string {
  const widths = columns.filter((column) => fits(column, layout)).map(({ width }) => width);
  return [...(checks ? ['44px'] : []), ...widths, ...(menus ? ['52px'] : [])].join(' ');
}
