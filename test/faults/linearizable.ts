// Is there an order of the operations on one register that respects real time and in which every read sees the last
// write? Depth-first search with memory (Wing & Gong 1993, Lowe 2017); values written are unique.
export type RegisterOperation = {
  readonly kind: 'write' | 'read';
  /** null: absent (a delete, or a read that found nothing) */
  readonly value: string | null;
  /** any clock that never goes back, ms */
  readonly begunAt: number;
  /** infinity: no answer came, it may take effect at any time or never */
  readonly endedAt: number;
};

/** `initial`: the register's value before the first operation. */
export function isLinearizable(history: readonly RegisterOperation[], initial: string | null = null): boolean {
  const operations = history
    .filter(({ kind, endedAt }) => kind === 'write' || endedAt !== Number.POSITIVE_INFINITY)
    .toSorted((a, b) => a.begunAt - b.begunAt);
  const seen = new Set<string>();
  const stack: { done: bigint; value: string | null }[] = [{ done: 0n, value: initial }];
  for (let state = stack.pop(); state !== undefined; state = stack.pop()) {
    if (isFinished(operations, state.done)) return true;
    const mark = `${state.done} ${state.value ?? ''}`;
    if (seen.has(mark)) continue;
    seen.add(mark);
    for (const next of steps(operations, state)) stack.push(next);
  }
  return false;
}

const isDone = (done: bigint, index: number): boolean => ((done >> BigInt(index)) & 1n) === 1n;

/** Writes without an answer may never have happened. */
function isFinished(operations: readonly RegisterOperation[], done: bigint): boolean {
  return operations.every(({ endedAt }, index) => endedAt === Number.POSITIVE_INFINITY || isDone(done, index));
}

function* steps(
  operations: readonly RegisterOperation[],
  { done, value }: { readonly done: bigint; readonly value: string | null },
): Generator<{ done: bigint; value: string | null }> {
  let earliestEnd = Number.POSITIVE_INFINITY;
  for (const [index, operation] of operations.entries()) {
    if (isDone(done, index)) continue;
    // everything that begins later follows an operation that has ended and is not placed yet
    if (operation.begunAt > earliestEnd) return;
    earliestEnd = Math.min(earliestEnd, operation.endedAt);
    if (operation.kind === 'read' && operation.value !== value) continue;
    yield { done: done | (1n << BigInt(index)), value: operation.kind === 'write' ? operation.value : value };
  }
}
