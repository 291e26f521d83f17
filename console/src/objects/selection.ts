// Choosing rows as in every file manager: a press chooses one, Shift a range, Ctrl one more. Pure; the grid keeps it.

export type Selection = {
  ids: ReadonlySet<string>;
  /** the row that a range begins at */
  anchor: number;
  /** the row that the keyboard is on */
  active: number;
};

export const nothingSelected: Selection = { ids: new Set(), anchor: 0, active: 0 };

type Rows = { count: number; idAt: (index: number) => string | undefined };

const clamp = (index: number, { count }: Rows): number => Math.max(0, Math.min(count - 1, index));

function range(rows: Rows, from: number, to: number): Set<string> {
  const ids = new Set<string>();
  for (let index = Math.min(from, to); index <= Math.max(from, to); index++) {
    const id = rows.idAt(index);
    if (id !== undefined) ids.add(id);
  }
  return ids;
}

/** The keyboard goes to a row; with `extend` the rows on the way are chosen. */
export function moveTo(now: Selection, rows: Rows, to: number, extend: boolean): Selection {
  const active = clamp(to, rows);
  return extend ? { ...now, ids: range(rows, now.anchor, active), active } : { ...now, active, anchor: active };
}

/** A checkbox or Space: this one more, or no longer. */
export function toggle(now: Selection, rows: Rows, index: number): Selection {
  const id = rows.idAt(index);
  const ids = new Set(now.ids);
  if (id !== undefined && !ids.delete(id)) ids.add(id);
  return { ids, anchor: index, active: index };
}

/** A press on a row: that one and no other; pressed again, none. */
export function only(now: Selection, rows: Rows, index: number): Selection {
  const id = rows.idAt(index);
  const again = id !== undefined && now.ids.size === 1 && now.ids.has(id);
  return { ids: new Set(id === undefined || again ? [] : [id]), anchor: index, active: index };
}

export const extendTo = (now: Selection, rows: Rows, index: number): Selection => ({
  ...now,
  ids: range(rows, now.anchor, index),
  active: index,
});

export function selectAll(now: Selection, rows: Rows): Selection {
  return { ...now, ids: rows.count === 0 ? new Set() : range(rows, 0, rows.count - 1) };
}

export const clear = (now: Selection): Selection => ({ ...now, ids: new Set() });
