// Kept refusals, for those who may know them.
import type { MetadataStore, Snapshot } from '../metadata/metadata-store.ts';
import {
  NOBODY,
  readRefusalByAccountKey,
  refusalByAccountKey,
  refusalKey,
  refusalsByAccountRange,
  refusalsOfAccountRange,
} from '../metadata/tables/refusals.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import type { RefusalRecord } from './refusal.ts';

type Deps = { readonly store: MetadataStore };

export async function findRefusal({ store }: Deps, requestId: string): Promise<RefusalRecord | undefined> {
  const value = await store.read((snapshot) => snapshot.get(refusalKey(requestId.toUpperCase())));
  return value === undefined ? undefined : decodeRecord<RefusalRecord>(value);
}

export type RefusalPlace = { readonly at: number; readonly requestId: string };

export type RefusalQuery = {
  /** null: what is nobody's */
  readonly accountId: string | null;
  readonly limit: number;
  readonly before: RefusalPlace | null;
  /** older ones are not looked at */
  readonly notBefore?: number;
  readonly matches: (record: RefusalRecord) => boolean;
};

export type RefusalPage = { readonly records: readonly RefusalRecord[]; readonly next: RefusalPlace | null };

const PAGE = 200;
/** Looked at for one page. */
const MAX_SEEN = 5_000;

/** The newest first. */
export async function listRefusals({ store }: Deps, query: RefusalQuery): Promise<RefusalPage> {
  return store.read(async (snapshot) => {
    const accountId = query.accountId ?? NOBODY;
    const { start, end } = refusalsOfAccountRange(accountId);
    const found: RefusalRecord[] = [];
    let before = query.before;
    for (let seen = 0; seen < MAX_SEEN; seen += PAGE) {
      const to = before === null ? end : refusalByAccountKey(accountId, before.at, before.requestId);
      const rows = await snapshot.range({ start, end: to, limit: PAGE, reverse: true });
      const places = rows.map(({ key }) => readRefusalByAccountKey(key));
      for (const record of await readAll(snapshot, places)) {
        if (record.at < (query.notBefore ?? 0)) return { records: found, next: null };
        before = { at: record.at, requestId: record.requestId };
        if (query.matches(record) && found.push(record) >= query.limit) return { records: found, next: before };
      }
      if (rows.length < PAGE) return { records: found, next: null };
      const last = places.at(-1);
      before = last ?? before;
    }
    return { records: found, next: before };
  });
}

async function readAll(snapshot: Snapshot, places: readonly RefusalPlace[]): Promise<RefusalRecord[]> {
  if (places.length === 0) return [];
  const values = await snapshot.getMany(places.map(({ requestId }) => refusalKey(requestId)));
  return values.flatMap((value) => (value === undefined ? [] : [decodeRecord<RefusalRecord>(value)]));
}

/** Those that have refusals; `nobody` among them. */
export async function* accountsWithRefusals(snapshot: Snapshot): AsyncGenerator<string> {
  let { start, end } = refusalsByAccountRange();
  for (;;) {
    const [first] = await snapshot.range({ start, end, limit: 1 });
    if (first === undefined) return;
    const { accountId } = readRefusalByAccountKey(first.key);
    yield accountId;
    start = refusalsOfAccountRange(accountId).end;
  }
}
