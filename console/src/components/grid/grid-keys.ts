// The keys of a file manager.
import type { KeyboardEvent } from 'react';
import { clear, moveTo, selectAll, toggle } from '../../objects/selection.ts';
import type { GridProps } from './column.ts';
import { rowsOf } from './rows-of.ts';

type Options<Row> = GridProps<Row> & {
  active: number;
  /** rows in sight */
  page: number;
  goTo: (index: number) => void;
};

const steps: Readonly<Record<string, (options: { active: number; page: number; count: number }) => number>> = {
  ArrowDown: ({ active }) => active + 1,
  ArrowUp: ({ active }) => active - 1,
  PageDown: ({ active, page }) => active + page,
  PageUp: ({ active, page }) => active - page,
  Home: () => 0,
  End: ({ count }) => count - 1,
};

/** A key pressed in a field or on a button of a row is not for the grid. */
const isElsewhere = (target: EventTarget): boolean =>
  !(target instanceof HTMLElement) || (target.getAttribute('role') !== 'row' && target.getAttribute('role') !== 'grid');

export function gridKeys<Row>(event: KeyboardEvent, options: Options<Row>): void {
  if (event.altKey || isElsewhere(event.target)) return;
  if (press(event, options)) event.preventDefault();
}

function press<Row>(event: KeyboardEvent, options: Options<Row>): boolean {
  const { active, selection, rowAt, count, goTo } = options;
  const row = rowAt(active);
  const step = steps[event.key];
  if (step !== undefined) {
    const to = Math.max(0, Math.min(count - 1, step(options)));
    if (selection !== undefined) selection.set(moveTo(selection.now, rowsOf(options), to, event.shiftKey));
    goTo(to);
    return true;
  }
  if (event.key === 'Enter' && row !== undefined) {
    options.onOpen(row);
    return true;
  }
  return choose(event, options) || (options.onKey?.(event.key, row) ?? false);
}

function choose<Row>(event: KeyboardEvent, options: Options<Row>): boolean {
  const { selection, active } = options;
  if (selection === undefined) return false;
  const { now, set } = selection;
  if (event.key === ' ') {
    set(toggle(now, rowsOf(options), active));
    return true;
  }
  if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey)) {
    set(selectAll(now, rowsOf(options)));
    return true;
  }
  if (event.key === 'Escape' && now.ids.size > 0) {
    set(clear(now));
    return true;
  }
  return false;
}
