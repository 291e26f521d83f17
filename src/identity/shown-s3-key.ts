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
import type { AccountId, S3KeyId } from '../shared/ids.ts';
import { readIdentityName } from './identity-record.ts';
import { loadIdentity } from './load-identity.ts';

/** To the hour: the first use of each hour is written. */
export type KeyLastUse = { readonly at: number; readonly action: string; readonly clientAddress: string };

export type S3Key = Omit<S3KeyRecord, 'sealedSecret' | 'restriction' | 'rotation'> & {
  /** the root's e-mail or the IAM user's name */
  readonly creatorName: string;
  /** to the hour; null: never */
  readonly lastUsedAt: number | null;
  readonly lastUse: KeyLastUse | null;
  readonly restriction: KeyRestriction | null;
  readonly rotation: { readonly replacedBy: S3KeyId; readonly endsAt: number } | null;
  readonly warnings: readonly KeyWarning[];
};

type Creator = { readonly name: string; readonly identity: Identity | undefined };

async function loadCreator(snapshot: Snapshot, accountId: AccountId, ref: IdentityRef): Promise<Creator> {
  const [name, identity] = await Promise.all([
    readIdentityName(snapshot, accountId, ref),
    loadIdentity(snapshot, accountId, ref),
  ]);
  return { name: name ?? '', identity };
}

function show(record: S3KeyRecord, creator: Creator, useValue: Uint8Array | undefined, now: number): S3Key {
  const { sealedSecret: _, restriction = null, rotation = null, ...shown } = record;
  const use = useValue === undefined ? null : decodeRecord<S3KeyUseRecord>(useValue);
  const lastUsedAt = use?.at ?? null;
  return {
    ...shown,
    restriction,
    rotation,
    creatorName: creator.name,
    lastUsedAt,
    lastUse: use === null ? null : { at: use.at, action: use.action, clientAddress: use.clientAddress },
    warnings: keyWarnings(record, creator.identity, { lastUsedAt, now }),
  };
}

export async function showKey(snapshot: Snapshot, record: S3KeyRecord, now: number): Promise<S3Key> {
  const creator = await loadCreator(snapshot, record.accountId, record.creator);
  return show(record, creator, await snapshot.get(s3KeyUseKey(record.accessKey)), now);
}

/** Of one account. Each creator is read once. */
export async function showKeys(snapshot: Snapshot, records: readonly S3KeyRecord[], now: number): Promise<S3Key[]> {
  if (records.length === 0) return [];
  const creators = new Map<string, Creator>();
  for (const { accountId, creator } of records) {
    const label = identityLabel(creator);
    if (!creators.has(label)) creators.set(label, await loadCreator(snapshot, accountId, creator));
  }
  const uses = await snapshot.getMany(records.map(({ accessKey }) => s3KeyUseKey(accessKey)));
  return records.map((record, index) => {
    const creator = creators.get(identityLabel(record.creator)) ?? { name: '', identity: undefined };
    return show(record, creator, uses[index], now);
  });
}
