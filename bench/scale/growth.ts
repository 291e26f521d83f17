// What a request costs when there is much already: the same requests to a server with 1,000 objects and to one with very
// many, in turn.
import type { LoadResult } from '../load/result.ts';
import { sendAll } from '../load/send.ts';
import { runLoad, type Target } from '../load/wrk.ts';
import { median } from '../report/figures.ts';
import type { VStorage } from '../targets/vstorage.ts';
import { type Filled, keyAt } from './filled.ts';

const CONNECTIONS = 16;
/** In turn, from all over the bucket. */
const READ = 20_000;
/** So few that 1,000 objects stay about as many; they are deleted again. */
const WRITTEN = 3_000;
/** As long as it takes on a slow machine. */
const PUT_SECONDS = 3;
const PAGE = 1000;
const SMALL_PAGES = 1;

export type Growth = {
  readonly operation: 'GET' | 'PUT' | 'LIST';
  readonly smallPerSecond: number;
  readonly largePerSecond: number;
  /** large ÷ small, the median of all rounds */
  readonly ratio: number;
};

export type GrowthOptions = {
  readonly rounds: number;
  readonly seconds: number;
  readonly say: (line: string) => void;
};

type Run = (filled: Filled, round: number) => Promise<LoadResult>;

export async function measureGrowth(small: Filled, large: Filled, options: GrowthOptions): Promise<Growth[]> {
  const runs: readonly (readonly [Growth['operation'], Run])[] = [
    ['GET', (filled) => read(filled, readCalls(filled), options.seconds)],
    ['LIST', (filled) => read(filled, pageCalls(filled), options.seconds)],
    ['PUT', putFresh],
  ];
  const measured: Growth[] = [];
  for (const [operation, run] of runs) {
    const growth = await compare(operation, run, small, large, options.rounds);
    options.say(`${operation} at ${large.objects} ÷ at ${small.objects} objects: ${growth.ratio.toFixed(2)}`);
    measured.push(growth);
  }
  return measured;
}

async function compare(
  operation: Growth['operation'],
  run: Run,
  small: Filled,
  large: Filled,
  rounds: number,
): Promise<Growth> {
  const pairs: { readonly small: number; readonly large: number }[] = [];
  await run(small, -1);
  await run(large, -1);
  for (let round = 0; round < rounds; round++) {
    const before = await run(small, round);
    pairs.push({ small: before.perSecond, large: (await run(large, round)).perSecond });
  }
  return {
    operation,
    smallPerSecond: median(pairs.map((pair) => pair.small)),
    largePerSecond: median(pairs.map((pair) => pair.large)),
    ratio: median(pairs.map((pair) => pair.large / pair.small)),
  };
}

const read = ({ target }: Filled, targets: readonly Target[], seconds: number): Promise<LoadResult> =>
  runLoad({ origin: target.origin, targets, connections: CONNECTIONS, seconds });

/** Signed once: signing so many takes longer than a round. */
const signed = new WeakMap<VStorage, Target[]>();

function readCalls({ target, bucket, objects }: Filled): Target[] {
  const known = signed.get(target);
  if (known !== undefined) return known;
  const count = Math.min(READ, objects);
  const calls = spread(count, objects).map((index) => target.call('GET', `/${bucket}/${keyAt(index, objects)}`));
  signed.set(target, calls);
  return calls;
}

/** `count` of `objects`, evenly, neighbours far from each other. */
function spread(count: number, objects: number): number[] {
  const STEP = 7919;
  return Array.from({ length: count }, (_, index) => Math.floor((((index * STEP) % count) * objects) / count));
}

function pageCalls({ target, bucket, objects }: Filled): Target[] {
  const pages = objects === PAGE ? SMALL_PAGES : Math.floor(objects / PAGE);
  return spread(Math.min(pages, 500), pages).map((page) => {
    const after = page === 0 ? '' : `&start-after=${encodeURIComponent(keyAt(page * PAGE - 1, objects))}`;
    return target.call('GET', `/${bucket}`, `list-type=2${after}`);
  });
}

async function putFresh({ target, bucket, objects, body }: Filled, round: number): Promise<LoadResult> {
  const paths = spread(WRITTEN, objects).map((at, index) => `/${bucket}/${keyAt(at, objects)}-new-${round}-${index}`);
  const calls = (method: Target['method']): Target[] => paths.map((path) => target.call(method, path));
  const { origin } = target;
  const load = { origin, connections: CONNECTIONS, seconds: PUT_SECONDS, again: false };
  const result = await runLoad({ ...load, targets: calls('PUT'), body });
  await sendAll(origin, calls('DELETE'), '');
  return result;
}
