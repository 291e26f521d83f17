// A store, with all its bytes, into an empty pair of other engines, while it serves:
//   1. every row and blob is copied; commits meanwhile tell what they change (metadata/move-gate.ts)
//   2. those changes follow, and both stores are compared, row by row (compare-stores.ts)
//   3. the source takes no more writes; the last changes follow and are compared: seconds, however much there is
//   4. the source is closed for good, then the target may be served
// Killed at any moment, the same command goes on: how far it came stands in the target, what changed in the source.
import { clearFilling } from '../metadata/dump.ts';
import { beginMove, type BegunMove } from './begin-move.ts';
import { type Compared, compareStores, settleSame, type Unsettled } from './compare-stores.ts';
import { copyCounters, copyRows } from './copy-rows.ts';
import { closeSource, openSource, sealSource } from './cut-over.ts';
import { type FollowDeps, followChanges } from './follow-changes.ts';
import { type MoveCounts, type MoveDeps, MoveError, type Report } from './move-deps.ts';
import { endProgress, progressOf } from './move-progress.ts';

export type Moved = CutOver & {
  readonly moveId: string;
  /** this run went on with one that was cut off */
  readonly resumed: boolean;
  /** every one written to the target, those that changed meanwhile each time */
  readonly copied: MoveCounts;
};

type CutOver = {
  /** rows and counters that were the same in both stores, none left out */
  readonly compared: Compared;
  /** commits of others that this run followed */
  readonly followedCommits: number;
  /** how long the source took no writes before the target could */
  readonly readOnlyMs: number;
};

/** What is compared while the source takes no writes: not many more keys than these. */
const FEW_KEYS = 1_000;
const MOST_ROUNDS = 20;

export async function moveStore(deps: MoveDeps, report: Report = () => {}): Promise<Moved> {
  const begun = await beginMove(deps);
  const { moveId, state, compared = { rows: 0, counters: 0 } } = begun.move;
  // sealed: a mover died after the proof, and nobody has written to either since
  const isSealed = state === 'moved';
  const ended = isSealed ? { compared, followedCommits: 0, readOnlyMs: 0 } : await copyAll(deps, begun, report);
  const { rows = 0, blobs = 0, blobBytes = 0 } = (await progressOf(deps.target.store)) ?? {};
  await releaseTarget(deps);
  return { moveId, resumed: begun.resumed, copied: { rows, blobs, blobBytes }, ...ended };
}

async function copyAll(deps: MoveDeps, { progress }: BegunMove, report: Report): Promise<CutOver> {
  await copyRows(deps, progress, report);
  await copyCounters(deps);
  const unsettled: Unsettled = new Map();
  const following = { ...deps, report, followed: { keys: unsettled, commits: 0 } };
  await followChanges(following, 'few');
  const compared = await compare(following, unsettled);
  for (;;) {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      await settle(following, unsettled);
      if (unsettled.size <= FEW_KEYS) break;
    }
    const readOnlyMs = await cutOver(following, unsettled, compared);
    if (readOnlyMs !== null) return { compared, followedCommits: following.followed.commits, readOnlyMs };
  }
}

function compare(deps: FollowDeps, unsettled: Unsettled): Promise<Compared> {
  const { source, target, report } = deps;
  let rows = 0;
  const onPage = (count: number): void => report('compares', { rows: (rows += count), blobs: 0, blobBytes: 0 });
  return compareStores({ source, target, unsettled, settle: () => settle(deps, unsettled) }, onPage);
}

async function settle(deps: FollowDeps, unsettled: Unsettled): Promise<void> {
  await followChanges(deps, 'few');
  await settleSame(deps, unsettled);
}

/** How long no writes were taken; null: the source was opened meanwhile, and may have changed. */
async function cutOver(deps: FollowDeps, unsettled: Unsettled, compared: Compared): Promise<number | null> {
  const closedAtMs = performance.now();
  using _closed = await closeSource(deps);
  try {
    await followChanges(deps, 'none');
    await settleSame(deps, unsettled);
    if (unsettled.size > 0) throw differs(unsettled.size);
    return (await sealSource(deps, compared)) ? Math.round(performance.now() - closedAtMs) : null;
  } catch (error) {
    await openSource(deps);
    throw error;
  }
}

const differs = (keys: number): MoveError =>
  new MoveError(
    `the copy differs from the source in ${keys} rows or counters, though none of them changes any more. The source ` +
      'goes on; end this move with --abort and use an empty target',
  );

async function releaseTarget({ target }: MoveDeps): Promise<void> {
  await target.store.transact(async (transaction) => {
    clearFilling(transaction);
    endProgress(transaction);
  });
}
