// The blocks there are. Groups never change and their numbers are not used again, so what was read once stays true; what
// is new is read at each search, what was dropped is left out.
import { keyAfter } from '../metadata/keys.ts';
import type { Snapshot } from '../metadata/metadata-store.ts';
import {
  auditGroupMetaKey,
  auditGroupMetaRange,
  auditMetaRange,
  GROUP_BLOCKS,
  groupOf,
  readAuditMetaKey,
} from '../metadata/tables/audit-index.ts';
import { decodeGroupMeta, decodeMeta, type ListedBlock } from './block-meta.ts';
import { readBase } from './base.ts';

const PAGE = 500;

/** Blocks whose index stands together, in order of their numbers; `group` null: each has its own. */
export type Span = { readonly group: number | null; readonly blocks: readonly ListedBlock[] };

export class BlockDirectory {
  #groups: readonly Span[] = [];

  /** In order of their numbers. */
  async list(snapshot: Snapshot): Promise<readonly Span[]> {
    const groups = await this.#readGroups(snapshot);
    const { firstBlock } = await readBase(snapshot);
    const single: Span = { group: null, blocks: await readSingle(snapshot) };
    return [...groups, single].flatMap(({ group, blocks }) => {
      const kept = (blocks[0]?.block ?? 0) >= firstBlock ? blocks : blocks.filter(({ block }) => block >= firstBlock);
      return kept.length === 0 ? [] : [{ group, blocks: kept }];
    });
  }

  async #readGroups(snapshot: Snapshot): Promise<readonly Span[]> {
    const { start, end } = auditGroupMetaRange();
    const [first] = await snapshot.range({ start, end, limit: 1 });
    // all groups were dropped, or there are none yet
    if (first === undefined) return [];
    const oldest = readAuditMetaKey(first.key);
    const last = this.#groups.at(-1)?.group ?? null;
    const read = await readNewGroups(snapshot, last === null ? start : auditGroupMetaKey(last + 1));
    const known = this.#groups.at(-1)?.group ?? -1;
    // two searches at once read the same
    const groups = [...this.#groups, ...read.filter(({ group }) => group !== null && group > known)];
    this.#groups = groups.filter(({ group }) => group !== null && group >= oldest);
    return this.#groups;
  }
}

async function readNewGroups(snapshot: Snapshot, from: Uint8Array): Promise<Span[]> {
  const { end } = auditGroupMetaRange();
  const spans: Span[] = [];
  for (let start = from; ; ) {
    const rows = await snapshot.range({ start, end, limit: PAGE });
    for (const { key, value } of rows) {
      const group = readAuditMetaKey(key);
      spans.push({ group, blocks: decodeGroupMeta(group, value) });
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return spans;
    start = keyAfter(last.key);
  }
}

async function readSingle(snapshot: Snapshot): Promise<ListedBlock[]> {
  const blocks: ListedBlock[] = [];
  for (let { start, end } = auditMetaRange(); ; ) {
    const rows = await snapshot.range({ start, end, limit: PAGE });
    for (const { key, value } of rows) blocks.push({ block: readAuditMetaKey(key), ...decodeMeta(value) });
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return blocks;
    start = keyAfter(last.key);
  }
}

/** The oldest group whose blocks are all there and not put together yet. */
export async function findWholeGroup(snapshot: Snapshot): Promise<readonly ListedBlock[] | null> {
  const blocks = await readSingle(snapshot);
  for (const [group, members] of Map.groupBy(blocks, ({ block }) => groupOf(block))) {
    if (members.length === GROUP_BLOCKS && members[0]?.block === group * GROUP_BLOCKS) return members;
  }
  return null;
}
