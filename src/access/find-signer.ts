// Who signs with an access key, of either kind.
import { openSealed } from '../identity/sealing.ts';
import { TEMPORARY_PREFIX, temporarySecretAad } from '../identity/temporary-keys.ts';
import { readRecord } from '../identity/read-records.ts';
import type { Snapshot } from '../metadata/metadata-store.ts';
import { type TemporaryKeyRecord, temporaryKeyKey } from '../metadata/tables/temporary-keys.ts';
import type { AccessKey } from '../shared/ids.ts';
import type { SignerPrincipal, TemporaryOwner } from './principal.ts';
import { type Signer, type SignerDeps, findSigner } from './signers.ts';
import { loadTemporaryOwner, readEpochs, temporaryPrincipal } from './temporary-signers.ts';

const MAX_WATCHED = 100_000;

/** undefined: nobody may sign with it. Expired temporary credentials are found, and said to be so. */
export function findAnySigner(deps: SignerDeps, accessKey: AccessKey): Promise<Signer | undefined> {
  return accessKey.startsWith(TEMPORARY_PREFIX) ? findEither(deps, accessKey) : findSigner(deps, accessKey);
}

async function findEither(deps: SignerDeps, accessKey: AccessKey): Promise<Signer | undefined> {
  const temporary = await findTemporary(deps, accessKey);
  // a pair brought from elsewhere may be called like that too
  return temporary === undefined ? await findSigner(deps, accessKey) : (temporary ?? undefined);
}

/** undefined: there are none of this name; null: they are dead. */
async function findTemporary(deps: SignerDeps, accessKey: AccessKey): Promise<Signer | null | undefined> {
  const found = await deps.store.read((snapshot) => readTemporary(deps, snapshot, accessKey));
  if (found === undefined || found === null) return found;
  const { record, principal } = found;
  const secretKey = await openSealed(deps.masterKey, record.sealedSecret, temporarySecretAad(record));
  return { principal, secretKey, token: { hash: record.tokenHash, expired: record.expiresAt <= deps.clock() } };
}

type Found = { readonly record: TemporaryKeyRecord; readonly principal: SignerPrincipal };

async function readTemporary(
  deps: SignerDeps,
  snapshot: Snapshot,
  accessKey: AccessKey,
): Promise<Found | null | undefined> {
  const guess = deps.watchedAccounts.get(accessKey);
  const [record, guessed] = await Promise.all([
    readRecord<TemporaryKeyRecord>(snapshot, temporaryKeyKey(accessKey)),
    guess === undefined ? undefined : readEpochs(snapshot, guess),
  ]);
  if (record === undefined) return undefined;
  const { watchedAccounts } = record;
  const isSame = guess?.join() === watchedAccounts.join();
  if (!isSame) remember(deps, record);
  const epochs = isSame && guessed !== undefined ? guessed : await readEpochs(snapshot, watchedAccounts);
  const owner = await ownerAt(deps, snapshot, record, epochs);
  if (owner === null || owner.endsAt <= deps.clock()) return null;
  return { record, principal: temporaryPrincipal(record, owner, epochs) };
}

async function ownerAt(
  { temporaryOwners }: SignerDeps,
  snapshot: Snapshot,
  record: TemporaryKeyRecord,
  epochs: string,
): Promise<TemporaryOwner | null> {
  const epoch = BigInt(epochs.split(' ')[0] ?? '0');
  const name = `${record.id} ${epochs}`;
  const known = temporaryOwners.find(record.accountId, epoch, name);
  if (known !== undefined) return known;
  const loaded = await loadTemporaryOwner(snapshot, record);
  temporaryOwners.keep(record.accountId, epoch, name, loaded);
  return loaded;
}

function remember({ watchedAccounts }: SignerDeps, record: TemporaryKeyRecord): void {
  if (watchedAccounts.size >= MAX_WATCHED) watchedAccounts.clear();
  watchedAccounts.set(record.accessKey, record.watchedAccounts);
}
