// One row. Its cells are drawn once: while the grid is scrolled only rows that come into sight cost anything.
import { type MouseEvent, type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { GridColumn } from './column.ts';
import classes from './grid.module.css';

export type RowPress = 'only' | 'toggle' | 'extend';

type Props<Row> = {
  row: Row;
  index: number;
  top: number;
  /** those there is room for */
  columns: readonly GridColumn<Row>[];
  actions: ((row: Row) => ReactNode) | undefined;
  /** its label where rows are chosen */
  checkLabel: string | undefined;
  chosen: boolean;
  active: boolean;
  onActive: (index: number) => void;
  onPress: (index: number, press: RowPress) => void;
  onOpen: (row: Row) => void;
};

/** What is pressed inside a row and has a meaning of its own. */
const isControl = (target: EventTarget): boolean =>
  target instanceof Element && target.closest('a, button, input, label') !== null;

const pressOf = (event: MouseEvent, plain: RowPress): RowPress =>
  event.shiftKey ? 'extend' : event.ctrlKey || event.metaKey ? 'toggle' : plain;

export function GridRow<Row>(props: Props<Row>) {
  const { row, index, top, columns, actions, checkLabel, chosen, active, onActive, onPress, onOpen } = props;
  const cells = useMemo(
    () =>
      columns.map((column) => (
        <div role="gridcell" key={column.key} className={classes['cell']} data-end={column.end === true || undefined}>
          {column.cell(row)}
        </div>
      )),
    [columns, row],
  );
  const menu = useMemo(() => actions?.(row), [actions, row]);
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      {...(checkLabel === undefined ? {} : { 'aria-selected': chosen })}
      data-index={index}
      data-chosen={chosen || undefined}
      tabIndex={active ? 0 : -1}
      className={`${classes['row']} ${classes['item']}`}
      style={{ transform: `translateY(${top}px)` }}
      onFocus={(event) => {
        if (event.target === event.currentTarget) onActive(index);
      }}
      onClick={(event) => {
        if (!isControl(event.target)) onPress(index, pressOf(event, 'only'));
      }}
      onDoubleClick={(event) => {
        if (!isControl(event.target)) onOpen(row);
      }}
    >
      {checkLabel !== undefined && (
        <Check label={checkLabel} chosen={chosen} onPress={(event) => onPress(index, pressOf(event, 'toggle'))} />
      )}
      {cells}
      {menu !== undefined && (
        <div role="gridcell" className={classes['menu']}>
          {menu}
        </div>
      )}
    </div>
  );
}

type CheckProps = { label: string; chosen: boolean; onPress: (event: MouseEvent) => void };

function Check({ label, chosen, onPress }: CheckProps) {
  const { t } = useTranslation();
  return (
    <div role="gridcell" className={classes['check']}>
      <input
        type="checkbox"
        className={classes['box']}
        aria-label={t('table.select', { name: label })}
        checked={chosen}
        tabIndex={-1}
        readOnly
        onClick={onPress}
      />
    </div>
  );
}
