import { Checkbox } from '@mantine/core';
import type { MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Layout } from '../../hooks/use-layout.ts';
import { extendTo, only, toggle } from '../../objects/selection.ts';
import type { GridProps } from './column.ts';
import { rowsOf } from './rows-of.ts';
import { fits } from './tracks.ts';
import classes from './grid.module.css';

type Props<Row> = GridProps<Row> & {
  index: number;
  top: number;
  layout: Layout;
  active: boolean;
  onActive: (index: number) => void;
};

/** What is pressed inside a row and has a meaning of its own. */
const isControl = (target: EventTarget): boolean =>
  target instanceof Element && target.closest('a, button, input, label') !== null;

export function GridRow<Row>(props: Props<Row>) {
  const { t } = useTranslation();
  const { index, top, layout, active, onActive, columns, rowAt, rowId, rowLabel, selection, onOpen, actions } = props;
  const row = rowAt(index);
  if (row === undefined) return null;
  const id = rowId(row);
  const chosen = selection?.now.ids.has(id) ?? false;
  const click = (event: MouseEvent) => {
    if (selection === undefined || isControl(event.target)) return;
    const rows = rowsOf(props);
    if (event.shiftKey) selection.set(extendTo(selection.now, rows, index));
    else if (event.ctrlKey || event.metaKey) selection.set(toggle(selection.now, rows, index));
    else selection.set(only(selection.now, rows, index));
  };
  const check = (event: MouseEvent<HTMLInputElement>) => {
    if (selection === undefined) return;
    const rows = rowsOf(props);
    selection.set(event.shiftKey ? extendTo(selection.now, rows, index) : toggle(selection.now, rows, index));
  };
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      {...(selection === undefined ? {} : { 'aria-selected': chosen })}
      data-index={index}
      data-chosen={chosen || undefined}
      tabIndex={active ? 0 : -1}
      className={`${classes['row']} ${classes['item']}`}
      style={{ transform: `translateY(${top}px)` }}
      onFocus={(event) => {
        if (event.target === event.currentTarget) onActive(index);
      }}
      onClick={click}
      onDoubleClick={(event) => {
        if (!isControl(event.target)) onOpen(row);
      }}
    >
      {selection !== undefined && (
        <div role="gridcell" className={classes['check']}>
          <Checkbox
            aria-label={t('table.select', { name: rowLabel(row) })}
            checked={chosen}
            tabIndex={-1}
            readOnly
            onClick={check}
          />
        </div>
      )}
      {columns
        .filter((column) => fits(column, layout))
        .map((column) => (
          <div role="gridcell" key={column.key} className={classes['cell']} data-end={column.end === true || undefined}>
            {column.cell(row)}
          </div>
        ))}
      {actions !== undefined && (
        <div role="gridcell" className={classes['menu']}>
          {actions(row)}
        </div>
      )}
    </div>
  );
}
