// Puts the indexes of 64 blocks together. The rows of the group are written first, a part at a time; the last commit
// makes them count and takes away those of the blocks.
import { setImmediate } from 'node:timers/promises';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Bytes, MetadataStore } from '../metadata/metadata-store.ts';
import {
  auditFacetsKey,
  auditGroupAccountsKey,
  auditGroupFacetsKey,
  auditGroupMetaKey,
  auditGroupTermsKey,
  auditMetaKey,
  auditTermsKey,
  groupOf,
} from '../metadata/tables/audit-index.ts';
import { encodeGroupMeta } from './block-meta.ts';
import type { Row } from './build-block.ts';
import { findWholeGroup } from './directory.ts';
import { addCounts, type CountsByAccount, type Facet, shownCounts } from './facet-counts.ts';
import { mergePostings } from './group-postings.ts';
import { GROUP_SPLIT, PARTITIONS } from './terms.ts';

type Deps = { readonly store: MetadataStore };

/** Whether there was a group to put together. */
export async function mergeGroup({ store }: Deps): Promise<boolean> {
  const blocks = (await store.read(findWholeGroup))?.map(({ block }) => block);
  if (blocks === undefined) return false;
  const group = groupOf(blocks[0] ?? 0);
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const keys = blocks.map((block) => auditTermsKey(partition, block));
    const values = await store.read((snapshot) => snapshot.getMany(keys));
    const rows = groupTermRows(group, partition, values);
    await store.transact(async (transaction) => rows.forEach(({ key, value }) => transaction.put(key, value)));
    await setImmediate();
  }
  const facets = await store.read((snapshot) => snapshot.getMany(blocks.map(auditFacetsKey)));
  const metas = await store.read((snapshot) => snapshot.getMany(blocks.map(auditMetaKey)));
  const rows = [...groupFacetRows(group, facets), groupMetaRow(group, metas)];
  await store.transact(async (transaction) => {
    // a block was dropped meanwhile, or another process was faster
    if ((await transaction.getMany(blocks.map(auditMetaKey))).includes(undefined)) return;
    for (const { key, value } of rows) transaction.put(key, value);
    for (const block of blocks) {
      for (let partition = 0; partition < PARTITIONS; partition++) transaction.delete(auditTermsKey(partition, block));
      transaction.delete(auditFacetsKey(block));
      transaction.delete(auditMetaKey(block));
    }
  });
  return true;
}

/** `values`: of one partition, by the block's place in the group. */
export function groupTermRows(group: number, partition: number, values: readonly (Bytes | undefined)[]): Row[] {
  const merged = mergePostings(values.map((value) => (value === undefined ? undefined : bufferOf(value))));
  return merged.map((value, split) => ({ key: auditGroupTermsKey(partition * GROUP_SPLIT + split, group), value }));
}

export function groupMetaRow(group: number, values: readonly (Bytes | undefined)[]): Row {
  return {
    key: auditGroupMetaKey(group),
    value: encodeGroupMeta(values.flatMap((value) => (value === undefined ? [] : [value]))),
  };
}

export function groupFacetRows(group: number, values: readonly (Bytes | undefined)[]): Row[] {
  const sums = new Map<string, Map<Facet, Map<string, number>>>();
  for (const value of values) {
    if (value === undefined) continue;
    for (const [accountId, counts] of Object.entries(unpackFacets(value))) {
      const known = sums.get(accountId) ?? new Map<Facet, Map<string, number>>();
      sums.set(accountId, known);
      addCounts(known, counts);
    }
  }
  const rows = [...sums].map(([accountId, facets]) => ({
    key: auditGroupFacetsKey(accountId, group),
    value: zstdCompressSync(JSON.stringify(shownCounts(facets))),
  }));
  return [...rows, { key: auditGroupAccountsKey(group), value: Buffer.from(JSON.stringify([...sums.keys()])) }];
}

export const unpackFacets = (value: Bytes): CountsByAccount =>
  JSON.parse(zstdDecompressSync(value).toString('utf8')) as CountsByAccount;

const bufferOf = (value: Bytes): Buffer => Buffer.from(value.buffer, value.byteOffset, value.byteLength);
