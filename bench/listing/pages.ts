// Walks a bucket once with continuation tokens, as a client does: proves that a listing is whole and in order, and
// collects the URLs of its pages.
import { ask } from '../load/send.ts';
import type { Target } from '../load/wrk.ts';
import type { BenchTarget } from '../targets/target.ts';

export const PAGE_KEYS = 1000;

export type Walked = {
  /** of every page that holds PAGE_KEYS keys */
  readonly pages: readonly Target[];
  readonly keys: number;
  readonly keysPerSecond: number;
};

export async function walkBucket(target: BenchTarget, bucket: string): Promise<Walked> {
  const pages: Target[] = [];
  const startedAtMs = performance.now();
  let [keys, lastKey, query] = [0, '', 'list-type=2'];
  for (;;) {
    const xml = await ask(target, 'GET', `/${bucket}`, query);
    const found = [...xml.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => key);
    for (const key of found) {
      if (key <= lastKey) throw new Error(`${key} was listed after ${lastKey}`);
      lastKey = key;
    }
    keys += found.length;
    if (found.length === PAGE_KEYS) pages.push(target.call('GET', `/${bucket}`, query));
    const [, token] = /<NextContinuationToken>([^<]+)</.exec(xml) ?? [];
    if (token === undefined) break;
    query = `list-type=2&continuation-token=${encodeURIComponent(token)}`;
  }
  return { pages: shuffled(pages), keys, keysPerSecond: (keys / (performance.now() - startedAtMs)) * 1000 };
}

/** Neighbours in the bucket do not follow each other, so that no page profits from the one before. */
function shuffled(pages: readonly Target[]): Target[] {
  const STEP = 617;
  if (pages.length % STEP === 0) return [...pages];
  return pages.map((page, index) => pages[(index * STEP) % pages.length] ?? page);
}
