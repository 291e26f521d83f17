// What changed between two texts, line by line (Myers' shortest edit script). Long texts are compared up to a bound.
export type DiffLine = { change: 'same' | 'added' | 'removed'; text: string };

/** Edits looked for; two texts that differ more are shown as all removed, all added. */
const MAX_EDITS = 1000;

export function diffLines(before: string, after: string): DiffLine[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  const trace = shortestEdit(a, b);
  if (trace === null) {
    return [
      ...a.map((text) => ({ change: 'removed', text }) as const),
      ...b.map((text) => ({ change: 'added', text }) as const),
    ];
  }
  return backtrack(a, b, trace);
}

type Trace = ReadonlyMap<number, number>[];

function shortestEdit(a: readonly string[], b: readonly string[]): Trace | null {
  const reach = new Map<number, number>([[1, 0]]);
  const trace: Map<number, number>[] = [];
  for (let edits = 0; edits <= Math.min(MAX_EDITS, a.length + b.length); edits++) {
    trace.push(new Map(reach));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = startOf(reach, diagonal, edits);
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++;
      reach.set(diagonal, x);
      if (x >= a.length && x - diagonal >= b.length) return trace;
    }
  }
  return null;
}

/** Down (a line added) or right (one removed), whichever comes further. */
function startOf(reach: ReadonlyMap<number, number>, diagonal: number, edits: number): number {
  const down = reach.get(diagonal + 1) ?? -1;
  const right = reach.get(diagonal - 1) ?? -1;
  return diagonal === -edits || (diagonal !== edits && right < down) ? down : right + 1;
}

function backtrack(a: readonly string[], b: readonly string[], trace: Trace): DiffLine[] {
  const lines: DiffLine[] = [];
  let [x, y] = [a.length, b.length];
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const reach = trace[edits] ?? new Map<number, number>();
    const diagonal = x - y;
    const isDown =
      diagonal === -edits || (diagonal !== edits && (reach.get(diagonal - 1) ?? -1) < (reach.get(diagonal + 1) ?? -1));
    const before = isDown ? diagonal + 1 : diagonal - 1;
    const fromX = reach.get(before) ?? 0;
    const fromY = fromX - before;
    while (x > fromX && y > fromY) {
      lines.push({ change: 'same', text: a[--x] ?? '' });
      y--;
    }
    if (edits === 0) break;
    if (isDown) lines.push({ change: 'added', text: b[--y] ?? '' });
    else lines.push({ change: 'removed', text: a[--x] ?? '' });
  }
  return lines.toReversed();
}
