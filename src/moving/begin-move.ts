// The beginning of a move, or its continuation: source and target must agree on which move it is.
import { randomBytes } from 'node:crypto';
import { beginFilling, END_OF_KEYS, readFilling } from '../metadata/dump.ts';
import type { Snapshot } from '../metadata/metadata-store.ts';
import { type MoveRecord, putMove, readMove } from '../metadata/move-record.ts';
import { type MoveDeps, MoveError } from './move-deps.ts';
import { fillingName, type MoveProgress, putProgress, readFillingMove, readProgress } from './move-progress.ts';

export type BegunMove = { readonly move: MoveRecord; readonly progress: MoveProgress; readonly resumed: boolean };

export async function beginMove(deps: MoveDeps): Promise<BegunMove> {
  const { source, target } = deps;
  const inSource = await source.store.read(readMove);
  const inTarget = await target.store.read(lookAtTarget);
  const moveId = agreedId(inSource, inTarget) ?? randomBytes(6).toString('hex');
  // the target first: a source never tells its changes to nobody
  await beginFilling(target.store, fillingName(moveId));
  const move = await takeOverSource(deps, moveId);
  const progress = await takeOverTarget(deps, moveId);
  return { move, progress, resumed: inSource !== undefined };
}

type Target = { readonly moveId: string | null; readonly isEmpty: boolean; readonly hasProgress: boolean };

async function lookAtTarget(snapshot: Snapshot): Promise<Target> {
  const [any] = await snapshot.range({ start: Buffer.of(0), end: END_OF_KEYS, limit: 1 });
  const hasProgress = (await readProgress(snapshot)) !== undefined;
  const filling = await readFilling(snapshot);
  return { moveId: await readFillingMove(snapshot), isEmpty: any === undefined && filling === null, hasProgress };
}

/** null: a new one begins. */
function agreedId(inSource: MoveRecord | undefined, { moveId, isEmpty, hasProgress }: Target): string | null {
  if (inSource !== undefined) {
    if (inSource.moveId === moveId) return moveId;
    if (inSource.state === 'moved') throw new MoveError(`this store was moved to ${inSource.to} already`);
    throw new MoveError(
      `this store is being moved to ${inSource.to}: run that command again to go on, or end it with --abort`,
    );
  }
  if (moveId !== null && hasProgress) {
    throw new MoveError('the target holds part of a move that was aborted: use an empty target');
  }
  if (moveId === null && !isEmpty) throw new MoveError('the target is not empty: use an empty one');
  return moveId;
}

async function takeOverSource({ source, holder, to }: MoveDeps, moveId: string): Promise<MoveRecord> {
  return source.store.transact(async (transaction) => {
    const known = await readMove(transaction);
    if (known !== undefined && known.moveId !== moveId) throw new MoveError('another move of this store has begun');
    const move: MoveRecord =
      known?.state === 'moved' ? { ...known, holder } : { v: 1, moveId, holder, to, state: 'copying' };
    putMove(transaction, move);
    return move;
  });
}

async function takeOverTarget({ target, holder }: MoveDeps, moveId: string): Promise<MoveProgress> {
  const none = { rows: 0, blobs: 0, blobBytes: 0, copiedTo: null, isCopied: false };
  return target.store.transact(async (transaction) => {
    const progress: MoveProgress = { ...none, ...(await readProgress(transaction)), v: 1, moveId, holder };
    putProgress(transaction, progress);
    return progress;
  });
}
