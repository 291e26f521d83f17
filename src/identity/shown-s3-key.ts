// What may be shown of keys: everything but the secret, with the name of the creator, the last use and what is worth a
// second look.
import { type KeyWarning, keyWarnings } from '../access/key-warnings.ts';
import type { Identity } from '../access/principal.ts';
import type { Snapshot } from '../metadata/metadata-store.ts';
import {
  type IdentityRef,
  type KeyRestriction,
  type S3KeyRecord,
  type S3KeyUseRecord,
  identityLabel,
  s3KeyUseKey,
} from '../metadata/tables/identities.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import type { AccountId, S3KeyId, ServiceAccountId } from '../shared/ids.ts';
import { readIdentityName } from './identity-record.ts';
import { loadIdentity } from './load-identity.ts';
import { ownerOfKey } from './s3-key-record.ts';

/** To the hour: the first use of each hour is written. */
export type KeyLastUse = { readonly at: number; readonly action: string; readonly clientAddress: string };

export type S3Key = Omit<S3KeyRecord, 'sealedSecret' | 'restriction' | 'rotation' | 'serviceAccountId'> & {
  /** the root's e-mail or the creator's name; empty: it is gone */
  readonly creatorName: string;
  /** whose rights it has: the creator, or the service account it is attached to */
  readonly owner: IdentityRef;
  /** null: it is attached to none */
  readonly serviceAccount: { readonly id: ServiceAccountId; readonly name: string } | null;
  /** to the hour; null: never */
  readonly lastUsedAt: number | null;
  readonly lastUse: KeyLastUse | null;
  readonly restriction: KeyRestriction | null;
  readonly rotation: { readonly replacedBy: S3KeyId; readonly endsAt: number } | null;
  readonly warnings: readonly KeyWarning[];
};

type Known = { readonly name: string; readonly identity: Identity | undefined };
const unknown: Known = { name: '', identity: undefined };

async function loadKnown(snapshot: Snapshot, accountId: AccountId, ref: IdentityRef): Promise<Known> {
  const [name, identity] = await Promise.all([
    readIdentityName(snapshot, accountId, ref),
    loadIdentity(snapshot, accountId, ref),
  ]);
  return { name: name ?? '', identity };
}

/** Of one account: each creator and owner is read once, by its label. */
async function loadAllKnown(snapshot: Snapshot, records: readonly S3KeyRecord[]): Promise<ReadonlyMap<string, Known>> {
  const known = new Map<string, Known>();
  for (const record of records) {
    for (const ref of [record.creator, ownerOfKey(record)]) {
      const label = identityLabel(ref);
      if (!known.has(label)) known.set(label, await loadKnown(snapshot, record.accountId, ref));
    }
  }
  return known;
}

function show(
  record: S3KeyRecord,
  known: ReadonlyMap<string, Known>,
  useValue: Uint8Array | undefined,
  now: number,
): S3Key {
  const { sealedSecret: _, restriction = null, rotation = null, serviceAccountId: id = null, ...shown } = record;
  const use = useValue === undefined ? null : decodeRecord<S3KeyUseRecord>(useValue);
  const lastUsedAt = use?.at ?? null;
  const ref = ownerOfKey(record);
  const owner = known.get(identityLabel(ref)) ?? unknown;
  return {
    ...shown,
    restriction,
    rotation,
    creatorName: (known.get(identityLabel(record.creator)) ?? unknown).name,
    owner: ref,
    serviceAccount: id === null ? null : { id, name: owner.name },
    lastUsedAt,
    lastUse: use === null ? null : { at: use.at, action: use.action, clientAddress: use.clientAddress },
    warnings: keyWarnings(record, owner.identity, { lastUsedAt, now }),
  };
}

export async function showKey(snapshot: Snapshot, record: S3KeyRecord, now: number): Promise<S3Key> {
  const known = await loadAllKnown(snapshot, [record]);
  return show(record, known, await snapshot.get(s3KeyUseKey(record.accessKey)), now);
}

/** Of one account. */
export async function showKeys(snapshot: Snapshot, records: readonly S3KeyRecord[], now: number): Promise<S3Key[]> {
  if (records.length === 0) return [];
  const known = await loadAllKnown(snapshot, records);
  const uses = await snapshot.getMany(records.map(({ accessKey }) => s3KeyUseKey(accessKey)));
  return records.map((record, index) => show(record, known, uses[index], now));
}
