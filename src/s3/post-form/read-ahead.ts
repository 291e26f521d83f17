// A form does not say how long its file is. A small one is read ahead, so that it can be stored as any small body is.

export type ReadAhead = {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** null: more than `smallBytes`, and nobody knows how many */
  readonly sizeBytes: number | null;
};

export async function readAhead(chunks: AsyncIterable<Uint8Array>, smallBytes: number): Promise<ReadAhead> {
  const iterator = chunks[Symbol.asyncIterator]();
  const ahead: Uint8Array[] = [];
  let sizeBytes = 0;
  while (sizeBytes <= smallBytes) {
    const next = await iterator.next();
    if (next.done === true) return { chunks: iterate(ahead, null), sizeBytes };
    ahead.push(next.value);
    sizeBytes += next.value.length;
  }
  return { chunks: iterate(ahead, iterator), sizeBytes: null };
}

async function* iterate(
  ahead: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array> | null,
): AsyncGenerator<Uint8Array> {
  try {
    yield* ahead;
    for (let next = await rest?.next(); next !== undefined && next.done !== true; next = await rest?.next()) {
      yield next.value;
    }
  } finally {
    await rest?.return?.();
  }
}
