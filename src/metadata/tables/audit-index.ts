// The index of the audit trail. Each block has its own rows at first; 64 of them in a row become a group, whose rows hold
// the same for all of them: a search then reads one row where it would read 64.
import { encodeKey, KeyReader, prefixRange, tables } from '../keys.ts';
import type { Bytes } from '../metadata-store.ts';

type KeyRange = { readonly start: Bytes; readonly end: Bytes };

/** Blocks of one group. */
export const GROUP_BLOCKS = 64;
export const groupOf = (block: number): number => Math.floor(block / GROUP_BLOCKS);

/** value: times of the block and of its chunks (audit/block-meta.ts) */
export const auditMetaKey = (block: number): Bytes => encodeKey(tables.auditIndex, 'meta', BigInt(block));
export const auditMetaRange = (): KeyRange => prefixRange(tables.auditIndex, 'meta');
/** value: those of all its blocks; it is written last, and from then on the group's rows count */
export const auditGroupMetaKey = (group: number): Bytes => encodeKey(tables.auditIndex, 'group-meta', BigInt(group));
export const auditGroupMetaRange = (): KeyRange => prefixRange(tables.auditIndex, 'group-meta');
/** The number of the block or group that a key of meta data is of. */
export function readAuditMetaKey(key: Bytes): number {
  const reader = new KeyReader(key);
  reader.text();
  return Number(reader.uint());
}

/** value: where in the block the terms of this partition stand (audit/postings.ts) */
export const auditTermsKey = (partition: number, block: number): Bytes =>
  encodeKey(tables.auditIndex, 'terms', BigInt(partition), BigInt(block));
/** value: where in which block of the group they stand (audit/group-postings.ts) */
export const auditGroupTermsKey = (partition: number, group: number): Bytes =>
  encodeKey(tables.auditIndex, 'group-terms', BigInt(partition), BigInt(group));
/** The number of the block or group that a row of terms is of. */
export function readAuditTermsKey(key: Bytes): number {
  const reader = new KeyReader(key);
  reader.text();
  reader.uint();
  return Number(reader.uint());
}

/** value: how often each value of the fields that people filter by occurs, by account, compressed JSON */
export const auditFacetsKey = (block: number): Bytes => encodeKey(tables.auditIndex, 'facets', BigInt(block));
/** value: the same of one account; '' for all records */
export const auditGroupFacetsKey = (accountId: string, group: number): Bytes =>
  encodeKey(tables.auditIndex, 'group-facets', accountId, BigInt(group));
export const auditGroupFacetsRange = (accountId: string): KeyRange =>
  prefixRange(tables.auditIndex, 'group-facets', accountId);
/** value: the ids of the accounts that have facets in the group, JSON */
export const auditGroupAccountsKey = (group: number): Bytes =>
  encodeKey(tables.auditIndex, 'group-accounts', BigInt(group));
