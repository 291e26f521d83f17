// What a record can be found by. A term is a field and a value; the index holds hashes of terms only, so whatever it
// finds is compared with the record itself.
import type { AuditRecord } from './entry.ts';

/** Of a block's index; each is split once more in the index of a group. */
export const PARTITIONS = 64;
export const GROUP_SPLIT = 16;
const RESOURCE_STEP = 8;
const LONGEST_STEP = 128;
const MAX_FOLDERS = 16;
/** Shorter beginnings are those of every ARN. */
const SHORTEST_CUT = 16;
/** Keys of one DeleteObjects. */
const MAX_KEYS = 1000;

export const term = (field: string, value: string): string => `${field}\0${value}`;

/** Names, ids and keys: whatever tells who it was. */
export function namesOfActor({ who }: Pick<AuditRecord, 'who'>): readonly string[] {
  const names = [who.id, who.name, who.keyId, who.accessKey, who.sessionId, who.actingAs];
  return [...new Set(names.flatMap((name) => (name === undefined ? [] : [name.toLowerCase()])))];
}

/** The objects of one request may be many: DeleteObjects names each of them. */
export function resourcesOf({ resource, bucket, details }: Pick<AuditRecord, 'resource' | 'bucket' | 'details'>) {
  const keys = details?.['keys'];
  const named = Array.isArray(keys) && bucket !== undefined ? keys.slice(0, MAX_KEYS) : [];
  const resources = named.map((key) => `arn:aws:s3:::${bucket}/${String(key)}`);
  return resource === null ? resources : [resource, ...resources];
}

/** Single values that people filter by. */
export function fieldsOf(record: AuditRecord): readonly (readonly [field: string, value: string | undefined | null])[] {
  return [
    ['operation', record.operation],
    ['action', record.action],
    ['category', record.category],
    ['access', record.access],
    ['channel', record.channel],
    ['actor', record.who.type],
    ['outcome', record.outcome],
    ['code', record.code],
    ['project', record.projectId],
    ['bucket', record.bucket],
    ['address', record.address],
    ['request', record.requestId],
  ];
}

export function termsOf(record: AuditRecord): Set<string> {
  const terms = new Set<string>();
  for (const accountId of record.accounts) terms.add(term('account', accountId));
  for (const name of namesOfActor(record)) terms.add(term('who', name));
  for (const [field, value] of fieldsOf(record)) if (value) terms.add(term(field, value));
  for (const resource of resourcesOf(record)) {
    terms.add(term('resource', resource));
    for (const length of cutsOf(resource)) terms.add(term('prefix', resource.slice(0, length)));
  }
  return terms;
}

/** Lengths of the beginnings that are indexed: every eighth character, and after each of the first slashes. */
export function cutsOf(text: string): readonly number[] {
  const cuts: number[] = [];
  for (let at = SHORTEST_CUT; at <= Math.min(text.length, LONGEST_STEP); at += RESOURCE_STEP) cuts.push(at);
  let slash = -1;
  for (let folder = 0; folder < MAX_FOLDERS; folder++) {
    slash = text.indexOf('/', slash + 1);
    if (slash < 0) break;
    cuts.push(slash + 1);
  }
  return cuts;
}

/** The longest indexed beginning of all resources that begin with `prefix`; null: it is too short for any. */
export function cutFor(prefix: string): string | null {
  const length = Math.max(0, ...cutsOf(prefix));
  return length === 0 ? null : prefix.slice(0, length);
}

const SPLIT_SIZE = 2 ** 32 / GROUP_SPLIT;

export type TermHash = {
  readonly hash: number;
  /** of a block's index, and of a group's */
  readonly partition: number;
  readonly groupPartition: number;
};

/** 40 bits, fast: two multiplicative hashes side by side. Nothing relies on its being hard to invert. */
export function hashTerm(text: string): TermHash {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  const hash = a >>> 0;
  const partition = (b >>> 0) % PARTITIONS;
  return { hash, partition, groupPartition: partition * GROUP_SPLIT + Math.floor(hash / SPLIT_SIZE) };
}
