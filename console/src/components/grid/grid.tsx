// A table of any length: only the rows in sight exist. As a file manager's: arrows, Shift, Ctrl-A, Enter, Space.
import { Checkbox } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLayout } from '../../hooks/use-layout.ts';
import { useSteady } from '../../hooks/use-steady.ts';
import { extendTo, only, selectAll, toggle } from '../../objects/selection.ts';
import type { GridProps } from './column.ts';
import { GridHead } from './grid-head.tsx';
import { GridRow, type RowPress } from './grid-row.tsx';
import { gridKeys } from './grid-keys.ts';
import { rowsOf } from './rows-of.ts';
import { fits, tracksOf } from './tracks.ts';
import classes from './grid.module.css';

/** CSS pixels; the rows' style sheet says the same */
const HEAD = { phone: 37, tablet: 41, desktop: 41 } as const;
const ROW = { phone: 60, tablet: 48, desktop: 48 } as const;

/** How each kind of press on a row changes what is chosen. */
const presses = { only, toggle, extend: extendTo } as const;

const tracksStyle = (tracks: string): CSSProperties => ({ ['--tracks' as string]: tracks });

export function Grid<Row>(props: GridProps<Row>) {
  const { t } = useTranslation();
  const { label, columns, count, rowAt, rowId, rowLabel, selection, onVisible, busy = false } = props;
  const layout = useLayout();
  const scroller = useRef<HTMLDivElement>(null);
  // nothing here is memoized by the compiler
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW[layout],
    overscan: 10,
  });
  useEffect(() => virtual.measure(), [virtual, layout]);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => onVisible?.(last), [last, count, onVisible]);
  const [own, setOwn] = useState(0);
  const active = Math.min(selection?.now.active ?? own, Math.max(0, count - 1));
  const activate = useSteady((index: number) => {
    if (selection === undefined) setOwn(index);
    else if (index !== selection.now.active) selection.set({ ...selection.now, active: index, anchor: index });
  });
  const choose = useSteady((index: number, press: RowPress) => {
    if (selection !== undefined) selection.set(presses[press](selection.now, rowsOf(props), index));
  });
  const shown = useMemo(() => columns.filter((column) => fits(column, layout)), [columns, layout]);
  const goTo = (index: number) => {
    if (selection === undefined) setOwn(index);
    virtual.scrollToIndex(index);
    // the row exists only after it was scrolled to
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus());
  };
  const press = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW[layout]) - 1);
    gridKeys(event, { ...props, active, page, goTo });
  };
  const rows = rowsOf(props);
  const all = selection !== undefined && count > 0 && selection.now.ids.size >= count;
  return (
    <div
      ref={scroller}
      className={classes['scroller']}
      role="grid"
      aria-label={label}
      aria-rowcount={count + 1}
      aria-busy={busy}
      {...(selection === undefined ? {} : { 'aria-multiselectable': true })}
      style={{
        ...tracksStyle(tracksOf(props.columns, layout, selection !== undefined, props.actions !== undefined)),
        ...(props.fit === true ? { flex: `0 1 ${virtual.getTotalSize() + HEAD[layout]}px` } : {}),
      }}
      onKeyDown={press}
    >
      <GridHead
        {...props}
        layout={layout}
        check={
          selection === undefined ? null : (
            <Checkbox
              aria-label={t('grid.select-all')}
              checked={all}
              indeterminate={selection.now.ids.size > 0 && !all}
              disabled={count === 0}
              onChange={() =>
                selection.set(all ? { ...selection.now, ids: new Set() } : selectAll(selection.now, rows))
              }
            />
          )
        }
      />
      <div role="rowgroup" className={classes['body']} style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const row = rowAt(index);
          return (
            row !== undefined && (
              <GridRow
                key={index}
                row={row}
                index={index}
                top={start}
                columns={shown}
                actions={props.actions}
                checkLabel={selection === undefined ? undefined : rowLabel(row)}
                chosen={selection?.now.ids.has(rowId(row)) ?? false}
                active={index === active}
                onActive={activate}
                onPress={choose}
                onOpen={props.onOpen}
              />
            )
          );
        })}
      </div>
    </div>
  );
}
