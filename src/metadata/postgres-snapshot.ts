// A snapshot: one exchange on one connection. What is asked for in the same turn of the event loop travels together,
// the first of it with the opening of the snapshot: a read that asks once costs one round trip.
import type { Bytes, Entry, Range, Snapshot } from './metadata-store.ts';
import { MAX_KEY_BYTES, StoreUnavailableError } from './metadata-store.ts';
import { isRefusal, translatePostgresError } from './postgres-errors.ts';
import type { Exchange, Row, Statement, Step } from './postgres-exchange.ts';
import type { Link } from './postgres-link.ts';
import type { Sql } from './postgres-sql.ts';
import { byteaArray, readBytea } from './postgres-values.ts';
import { byteText, checkKey, checkRange, decodeCounter } from './recorded-transaction.ts';

export type SnapshotDeps = {
  readonly sql: Sql;
  readonly acquire: () => Promise<Link>;
  readonly release: (link: Link) => void;
  /** `opened` resolves when a snapshot that was begun without a question is open: until then this process commits nothing */
  readonly hold: (opened: Promise<unknown>) => void;
};

type AskedRange = { readonly range: Range; readonly resolve: (entries: Entry[]) => void; readonly reject: Reject };
type AskedKey = { readonly key: Bytes; readonly resolve: (value: Bytes | undefined) => void; readonly reject: Reject };
type Reject = (error: unknown) => void;
type Turn = { readonly keys: AskedKey[]; readonly ranges: AskedRange[] };
type Open = { readonly link: Link; readonly exchange: Exchange };

/** Connections may have died unnoticed: nothing of the snapshot was seen yet, so another one is as good. */
const OPEN_ATTEMPTS = 3;
/** … but not when that took long: then the server hangs, and another try would only hang as long again. */
const QUICK_FAILURE_MS = 1_000;

export class PostgresSnapshot implements Snapshot {
  readonly #deps: SnapshotDeps;
  #next: Turn | null = { keys: [], ranges: [] };
  /** what was asked for so far, by key: a snapshot does not change */
  readonly #known = new Map<string, Promise<Bytes | undefined>>();
  #opening: Promise<Open> | null = null;
  #isClosed = false;

  constructor(deps: SnapshotDeps) {
    this.#deps = deps;
    afterThisTurn(() => this.#begin());
  }

  async get(key: Bytes): Promise<Bytes | undefined> {
    this.#checkOpen();
    checkKey(key);
    const name = byteText(key);
    const known = this.#known.get(name) ?? this.#read(key);
    this.#known.set(name, known);
    return known;
  }

  prefetch(keys: readonly Bytes[]): void {
    for (const key of keys) if (key.length <= MAX_KEY_BYTES) this.get(key).catch(() => undefined);
  }

  async getMany(keys: readonly Bytes[]): Promise<(Bytes | undefined)[]> {
    return Promise.all(keys.map((key) => this.get(key)));
  }

  async range(range: Range): Promise<Entry[]> {
    this.#checkOpen();
    checkRange(range);
    if (byteText(range.start) >= byteText(range.end)) return [];
    return new Promise((resolve, reject) => this.#turn().ranges.push({ range, resolve, reject }));
  }

  async count(key: Bytes): Promise<bigint> {
    return decodeCounter(await this.get(key));
  }

  /** Waits for nothing: what is still under way answers to nobody. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    void this.#opening?.then(
      ({ link, exchange }) => {
        exchange.end();
        this.#deps.release(link);
      },
      () => undefined,
    );
  }

  #read(key: Bytes): Promise<Bytes | undefined> {
    return new Promise((resolve, reject) => this.#turn().keys.push({ key, resolve, reject }));
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new Error('this snapshot is closed');
  }

  #turn(): Turn {
    if (this.#next === null) {
      this.#next = { keys: [], ranges: [] };
      afterThisTurn(() => this.#ask());
    }
    return this.#next;
  }

  /** The first turn is over. Whoever asked nothing in it does something else first, and must still see the past. */
  #begin(): void {
    if (this.#isClosed) return;
    const turn = this.#takeTurn();
    const steps = stepsOf(this.#deps.sql, turn);
    const isAsking = steps.length > 0;
    const { opening, answers } = this.#open(isAsking ? steps : [{ statement: this.#deps.sql.hold, parameters: [] }]);
    this.#opening = opening;
    if (isAsking) settle(turn, answers);
    else this.#deps.hold(answers);
  }

  #ask(): void {
    const turn = this.#takeTurn();
    const steps = stepsOf(this.#deps.sql, turn);
    const opening = this.#opening ?? Promise.reject(new StoreUnavailableError('the snapshot did not open'));
    settle(
      turn,
      opening.then(({ exchange }) => exchange.ask(steps)),
    );
  }

  #takeTurn(): Turn {
    const turn = this.#next ?? { keys: [], ranges: [] };
    this.#next = null;
    return turn;
  }

  #open(steps: readonly Step[]): { opening: Promise<Open>; answers: Promise<Answers> } {
    const opened = this.#tryOpen(steps);
    const opening = opened.then(({ open }) => open);
    opening.catch(() => undefined);
    return { opening, answers: opened.then(({ answers }) => answers) };
  }

  async #tryOpen(steps: readonly Step[]): Promise<{ open: Open; answers: Answers }> {
    for (let attempt = 1; ; attempt++) {
      const startedMs = performance.now();
      const link = await this.#deps.acquire();
      const exchange = link.begin();
      try {
        return { open: { link, exchange }, answers: await exchange.ask(steps) };
      } catch (error) {
        this.#deps.release(link);
        const wasSlow = performance.now() - startedMs > QUICK_FAILURE_MS;
        if (wasSlow || attempt >= OPEN_ATTEMPTS || isRefusal(error)) throw error;
      }
    }
  }
}

type Answers = readonly (readonly Row[])[];

/** All promises that are settled now have had their say. */
function afterThisTurn(work: () => void): void {
  queueMicrotask(() => process.nextTick(work));
}

function stepsOf(sql: Sql, { keys, ranges }: Turn): Step[] {
  const steps: Step[] = ranges.map(({ range }) => ({
    statement: rangeStatement(sql, range),
    parameters: [asBuffer(range.start), asBuffer(range.end), String(range.limit)],
  }));
  if (keys.length > 0) steps.push({ statement: sql.get, parameters: [byteaArray(keys.map(({ key }) => key))] });
  return steps;
}

const rangeStatement = (sql: Sql, range: Range): Statement => (range.reverse === true ? sql.rangeReverse : sql.range);

function asBuffer(bytes: Bytes): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function settle({ keys, ranges }: Turn, answers: Promise<Answers>): void {
  answers.then(
    (found) => {
      for (const [index, { resolve }] of ranges.entries()) resolve((found[index] ?? []).map(readEntry));
      const values = found[ranges.length] ?? [];
      for (const [index, { resolve }] of keys.entries()) resolve(readValue(values[index]?.[0]));
    },
    (error: unknown) => {
      const translated = translatePostgresError(error, 'reading');
      for (const { reject } of [...keys, ...ranges]) reject(translated);
    },
  );
}

function readEntry([key, value]: Row): Entry {
  return { key: readBytea(key ?? ''), value: readBytea(value ?? '') };
}

function readValue(text: string | null | undefined): Bytes | undefined {
  return text === null || text === undefined ? undefined : readBytea(text);
}
