/** Runs `work` on every item, at most `width` at a time; the first error ends it once the others in flight are done. */
export async function inParallel<T>(
  items: AsyncIterable<T> | Iterable<T>,
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | null = null;
  const start = (item: T): void => {
    const one = work(item)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => running.delete(one));
    running.add(one);
  };
  for await (const item of items) {
    if (failure !== null) break;
    start(item);
    if (running.size >= width) await Promise.race(running);
  }
  await Promise.all(running);
  if (failure !== null) throw Object(failure).error;
}
