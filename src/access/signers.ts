// Who signs with an access key, read afresh for every request. Only what follows from an account's authorization epoch
// is cached (the parsed identity, whether the project is in the trash), and only for that epoch.
import type { IdentityDeps } from '../identity/identity-deps.ts';
import { decodeEpoch } from '../identity/epoch.ts';
import { EpochCache } from '../identity/epoch-cache.ts';
import type { KeyUseMemory } from '../identity/key-use.ts';
import { loadIdentity } from '../identity/load-identity.ts';
import { ownerOfKey, secretAad } from '../identity/s3-key-record.ts';
import { openSealed, openedBefore } from '../identity/sealing.ts';
import type { Bytes, Snapshot } from '../metadata/metadata-store.ts';
import {
  type ProjectRecord,
  type S3KeyRecord,
  epochKey,
  identityLabel,
  projectKey,
  s3KeyKey,
} from '../metadata/tables/identities.ts';
import { decodeRecord, decodeShared } from '../metadata/tables/record.ts';
import type { AccessKey, AccountId } from '../shared/ids.ts';
import { type Restriction, compileRestriction } from './key-restriction.ts';
import type { Identity, SignerPrincipal, TemporaryOwner } from './principal.ts';

export type Signer = {
  readonly principal: SignerPrincipal;
  readonly secretKey: string;
  /** of temporary credentials: the SHA-256 (hexadecimal) of the token every request must bring; null: of other keys */
  readonly token: { readonly hash: string; readonly expired: boolean } | null;
};

/** Whose rights a key has; null: its creator, account or project is disabled or gone, the key is dead. */
type KeyOwner = { readonly identity: Identity; readonly projectTrashed: boolean } | null;

export type SignerDeps = IdentityDeps & {
  readonly keyOwners: EpochCache<KeyOwner>;
  /** by key id */
  readonly keyRestrictions: EpochCache<Restriction>;
  /** Which account a key was of when last seen: saves a round trip when it still is, decides nothing. */
  readonly keyAccounts: Map<AccessKey, AccountId>;
  readonly keyUses: KeyUseMemory;
  /** by their id and all epochs that count; null: they are dead */
  readonly temporaryOwners: EpochCache<TemporaryOwner | null>;
  /** Of which accounts' epochs temporary credentials hung when last seen: saves a round trip, decides nothing. */
  readonly watchedAccounts: Map<AccessKey, readonly AccountId[]>;
};

const MAX_KEY_ACCOUNTS = 100_000;

/** One per worker process. */
export function createSignerDeps(identity: IdentityDeps): SignerDeps {
  const caches = {
    keyOwners: new EpochCache<KeyOwner>(),
    keyRestrictions: new EpochCache<Restriction>(),
    temporaryOwners: new EpochCache<TemporaryOwner | null>(),
  };
  return { ...identity, ...caches, keyAccounts: new Map(), keyUses: new Map(), watchedAccounts: new Map() };
}

/** undefined: nobody may sign with it: unknown, disabled, expired, or dead with its creator, account or project. */
export async function findSigner(deps: SignerDeps, accessKey: AccessKey): Promise<Signer | undefined> {
  const found = (await lookUpKnown(deps, accessKey)) ?? (await deps.store.read((s) => readSigner(deps, s, accessKey)));
  if (found === undefined) return undefined;
  const { record, principal } = found;
  const { masterKey } = deps;
  const aad = secretAad(record);
  const known = openedBefore(masterKey, record.sealedSecret, aad);
  const secretKey = known ?? (await openSealed(masterKey, record.sealedSecret, aad));
  return { principal, secretKey, token: null };
}

type FoundSigner = { readonly record: S3KeyRecord; readonly principal: SignerPrincipal };

const decodeKey = (value: Bytes | undefined): S3KeyRecord | undefined =>
  value === undefined ? undefined : decodeShared<S3KeyRecord>(value);

/** Of a key whose account has not changed since it was last seen. undefined: more has to be read. */
async function lookUpKnown(deps: SignerDeps, accessKey: AccessKey): Promise<FoundSigner | undefined> {
  const accountId = deps.keyAccounts.get(accessKey);
  if (accountId === undefined) return undefined;
  const [record, epoch] = await deps.store.lookUp(
    { key: s3KeyKey(accessKey), parse: decodeKey },
    { key: epochKey(accountId), parse: decodeEpoch },
  );
  if (record?.accountId !== accountId || !isUsable(record, deps.clock())) return undefined;
  const known = findOwner(deps, record, epoch);
  return known === undefined || known.owner === null ? undefined : foundSigner(deps, record, known.owner, epoch);
}

function foundSigner(deps: SignerDeps, record: S3KeyRecord, owner: NonNullable<KeyOwner>, epoch: bigint): FoundSigner {
  const { id: keyId, accessKey, projectId } = record;
  const restriction = restrictionOf(deps, record, epoch);
  const { watchedUntil } = record;
  const watched = watchedUntil !== undefined && watchedUntil > deps.clock() ? { watchedUntil } : {};
  const principal = { kind: 's3-key', ...owner, keyId, accessKey, projectId, epoch, restriction, ...watched } as const;
  return { record, principal };
}

async function readSigner(
  deps: SignerDeps,
  snapshot: Snapshot,
  accessKey: AccessKey,
): Promise<FoundSigner | undefined> {
  const guess = deps.keyAccounts.get(accessKey);
  const keys = guess === undefined ? [s3KeyKey(accessKey)] : [s3KeyKey(accessKey), epochKey(guess)];
  const [keyValue, guessedEpoch] = await snapshot.getMany(keys);
  const record = decodeKey(keyValue);
  if (record === undefined || !isUsable(record, deps.clock())) return undefined;
  if (guess !== record.accountId) remember(deps.keyAccounts, record);
  const known = guess === record.accountId ? findOwner(deps, record, decodeEpoch(guessedEpoch)) : undefined;
  const { owner, epoch } = known ?? (await loadAndKeep(deps, snapshot, record));
  return owner === null ? undefined : foundSigner(deps, record, owner, epoch);
}

/** Changing a restriction moves the epoch, so what was compiled at one is good for that epoch. */
function restrictionOf(deps: SignerDeps, record: S3KeyRecord, epoch: bigint): Restriction | null {
  const known = deps.keyRestrictions.find(record.accountId, epoch, record.id);
  if (known !== undefined) return known;
  const fresh = readRestriction(record);
  if (fresh !== null) deps.keyRestrictions.keep(record.accountId, epoch, record.id, fresh);
  return fresh;
}

export function readRestriction({ restriction }: S3KeyRecord): Restriction | null {
  return restriction === undefined || restriction === null ? null : compileRestriction(restriction);
}

export function isUsable(record: S3KeyRecord, now: number): boolean {
  return record.status === 'active' && now < endOf(record);
}

type KeyEnd = { readonly expiresAt: number | null; readonly rotation?: { readonly endsAt: number } | null };

/** When a key dies by itself: it expires, or the time it was left after its rotation is over. */
export function endOf({ expiresAt, rotation }: KeyEnd): number {
  return Math.min(expiresAt ?? Number.POSITIVE_INFINITY, rotation?.endsAt ?? Number.POSITIVE_INFINITY);
}

type OwnerAt = { readonly owner: KeyOwner; readonly epoch: bigint };

const ownerName = (record: S3KeyRecord): string => `${identityLabel(ownerOfKey(record))} ${record.projectId}`;

function findOwner(deps: SignerDeps, record: S3KeyRecord, epoch: bigint): OwnerAt | undefined {
  const owner = deps.keyOwners.find(record.accountId, epoch, ownerName(record));
  return owner === undefined ? undefined : { owner, epoch };
}

/** Only from a snapshot: what a transaction read may be of several moments, and must not be kept. */
async function loadAndKeep(deps: SignerDeps, snapshot: Snapshot, record: S3KeyRecord): Promise<OwnerAt> {
  const loaded = await loadKeyOwner(snapshot, record);
  deps.keyOwners.keep(record.accountId, loaded.epoch, ownerName(record), loaded.owner);
  return loaded;
}

export async function loadKeyOwner(snapshot: Snapshot, record: S3KeyRecord): Promise<OwnerAt> {
  const { accountId, projectId } = record;
  const [[epochValue, projectValue], identity] = await Promise.all([
    snapshot.getMany([epochKey(accountId), projectKey(projectId)]),
    loadIdentity(snapshot, accountId, ownerOfKey(record)),
  ]);
  const epoch = decodeEpoch(epochValue);
  const project = projectValue === undefined ? undefined : decodeRecord<ProjectRecord>(projectValue);
  if (identity === undefined || project === undefined) return { owner: null, epoch };
  return { owner: { identity, projectTrashed: project.trashedAt !== null }, epoch };
}

function remember(keyAccounts: Map<AccessKey, AccountId>, { accessKey, accountId }: S3KeyRecord): void {
  if (keyAccounts.size >= MAX_KEY_ACCOUNTS) keyAccounts.clear();
  keyAccounts.set(accessKey, accountId);
}
