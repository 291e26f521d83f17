// What every process does whose store moves elsewhere: its commits tell what they changed, so that the mover can follow,
// and are refused during the cut-over and after it. Whether the store moves is part of what each commit validates; as long
// as it does not, that costs no read: the answer is assumed, and the commit finds out.
import { randomPiece } from '../shared/random.ts';
import type { Clock } from '../shared/clock.ts';
import type { Bytes, MetadataStore, TransactOptions, Transaction } from './metadata-store.ts';
import { StoreUnavailableError } from './metadata-store.ts';
import { isOfThisStore, type MoveRecord, moveKey, parseMove, putChangedKeys, putMove } from './move-record.ts';
import { byteText } from './recorded-transaction.ts';

/** Reads go on. */
export class StoreReadOnlyError extends StoreUnavailableError {}

export function withMoveGate(store: MetadataStore, clock: Clock): MetadataStore {
  let isMoving = false;
  return {
    ...(store.isLocal === true ? { isLocal: true as const } : {}),
    read: store.read.bind(store),
    lookUp: store.lookUp.bind(store),
    ready: () => store.ready(),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
    transact: <T>(fn: (transaction: Transaction) => Promise<T>, options?: TransactOptions): Promise<T> => {
      let isFirstTry = true;
      return store.transact(async (transaction) => {
        const assumed = isFirstTry && !isMoving;
        isFirstTry = false;
        if (assumed) {
          transaction.assume(moveKey, undefined);
          return fn(transaction);
        }
        const move = parseMove(await transaction.get(moveKey));
        isMoving = move !== undefined;
        return move === undefined ? fn(transaction) : changeMoving(transaction, move, clock(), fn);
      }, options);
    },
  };
}

async function changeMoving<T>(
  transaction: Transaction,
  move: MoveRecord,
  now: number,
  fn: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const changed = new Map<string, Bytes>();
  const result = await fn(noting(transaction, changed));
  const keys = [...changed.values()].filter((key) => !isOfThisStore(key));
  // leases and the like are not moved, and stay with their processes
  if (keys.length === 0) return result;
  if (move.state === 'moved')
    throw new StoreReadOnlyError(`this store was moved to ${move.to}: nothing is written here`);
  if (move.state === 'read-only') {
    if (now < (move.until ?? 0)) throw new StoreReadOnlyError('this store is being moved: writes go on in seconds');
    // its mover has died; should it live after all, it sees this and begins the cut-over again
    const { until: _until, ...open } = move;
    putMove(transaction, { ...open, state: 'copying' });
  }
  putChangedKeys(transaction, now, randomPiece(8).toString('hex'), keys);
  return result;
}

/** The same transaction; `changed` comes to hold the keys that it writes. */
function noting(transaction: Transaction, changed: Map<string, Bytes>): Transaction {
  const note = (key: Bytes): void => void changed.set(byteText(key), Buffer.from(key));
  return {
    get: (key) => transaction.get(key),
    getMany: (keys) => transaction.getMany(keys),
    range: (range) => transaction.range(range),
    count: (key) => transaction.count(key),
    prefetch: (keys) => transaction.prefetch?.(keys),
    assume: (key, value) => transaction.assume(key, value),
    put: (key, value) => {
      transaction.put(key, value);
      note(key);
    },
    delete: (key) => {
      transaction.delete(key);
      note(key);
    },
    add: (key, delta, atMost) => {
      transaction.add(key, delta, atMost);
      note(key);
    },
  };
}
