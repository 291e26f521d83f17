// The seconds in which the source takes no writes. It is closed by its own row, which every commit of every process
// validates. Should this mover die or hang, the source opens by itself after a while, by a change of that row, so that
// a mover that lives after all sees it and begins again.
import type { MetadataStore } from '../metadata/metadata-store.ts';
import { changedKeysRange, moveKey, type MoveRecord, putMove, readMove } from '../metadata/move-record.ts';
import type { Compared } from './compare-stores.ts';
import { type MoveDeps, MoveError } from './move-deps.ts';

const CLOSED_MS = 60_000;
const RENEW_MS = 10_000;

/** Disposed, the source is left as it is then: closed for a while, or for good. */
export async function closeSource(deps: MoveDeps): Promise<Disposable> {
  if (!(await change(deps, (move) => closed(deps, move))))
    throw new MoveError('another vstorage migrate has taken over');
  // a renewal that fails is tried again; sealing tells when that was not enough
  const renew = (): Promise<boolean> =>
    change(deps, (move) => (move.state === 'read-only' ? closed(deps, move) : null));
  const timer = setInterval(() => void renew().catch(() => {}), RENEW_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

const closed = ({ clock }: MoveDeps, move: MoveRecord): MoveRecord => ({
  ...move,
  state: 'read-only',
  until: clock() + CLOSED_MS,
});

export function openSource(deps: MoveDeps): Promise<boolean> {
  return change(deps, ({ until: _until, ...move }) => (move.state === 'moved' ? null : { ...move, state: 'copying' }));
}

/** Closes the source for good; false: it was opened meanwhile, and may have changed. */
export function sealSource(deps: MoveDeps, compared: Compared): Promise<boolean> {
  return change(deps, ({ until: _until, ...move }) =>
    move.state === 'read-only' ? { ...move, state: 'moved', compared } : null,
  );
}

async function change({ source, holder }: MoveDeps, next: (move: MoveRecord) => MoveRecord | null): Promise<boolean> {
  return source.store.transact(async (transaction) => {
    const move = await readMove(transaction);
    if (move === undefined || move.holder !== holder) return false;
    const after = next(move);
    if (after === null) return false;
    putMove(transaction, after);
    return true;
  });
}

const ROWS_AT_ONCE = 500;

/**
 * Gives the move up: the source goes on as if there had been none. null: there was none; 'moved': it is complete, and was
 * left alone.
 */
export async function abortMove(
  { source }: Pick<MoveDeps, 'source'>,
  { evenMoved }: { readonly evenMoved: boolean },
): Promise<MoveRecord | 'moved' | null> {
  const move = await source.store.transact(async (transaction) => {
    const known = await readMove(transaction);
    if (known?.state === 'moved' && !evenMoved) return 'moved';
    if (known !== undefined) transaction.delete(moveKey);
    return known ?? null;
  });
  if (move !== 'moved') await forgetChanges(source.store);
  return move;
}

async function forgetChanges(store: MetadataStore): Promise<void> {
  for (;;) {
    const told = await store.read((snapshot) =>
      snapshot.range({ ...changedKeysRange(), limit: ROWS_AT_ONCE, keysOnly: true }),
    );
    if (told.length === 0) return;
    await store.transact(async (transaction) => {
      for (const { key } of told) transaction.delete(key);
    });
  }
}
