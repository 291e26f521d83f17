// A new version of the master key, while servers run. Each step leaves a state that every process can work with and
// from which the same command goes on:
//   1. the new version stands beside the old one where the master key lives
//   2. once every gateway holds it, the store names the new version: from this commit on nothing is sealed under the old one, and a process that
//      meets the new version reads the master key again
//   3. every sealed record is sealed anew, one commit each
//   4. the store forgets the old version, and it is taken away
// The caller makes sure that one rotation at a time changes the file.
import { randomBytes } from 'node:crypto';
import { keyAfter } from '../metadata/keys.ts';
import type { Bytes, MetadataStore, Snapshot } from '../metadata/metadata-store.ts';
import { type MasterKeyHome, MasterKeyHomeError, readExisting } from './master-key-home.ts';
import {
  type KeyVersion,
  type MasterKeyState,
  WrongMasterKeyError,
  putMasterKeyState,
  readMasterKeyState,
  versionOf,
} from './master-key-state.ts';
import { type SealedPlace, sealedPlaces } from './sealed-places.ts';
import { MASTER_KEY_BYTES, MasterKey, type MasterKeyVersions, openSealed, seal } from './sealing.ts';

const PAGE = 100;

export type RotationDeps = {
  readonly store: MetadataStore;
  readonly home: MasterKeyHome;
  /** Rejects as long as a process that serves lacks this version. */
  readonly demandEverywhere: (snapshot: Snapshot, version: KeyVersion) => Promise<void>;
};

export type MasterKeyRotation = {
  readonly from: readonly number[];
  readonly to: number;
  readonly resealed: number;
  /** this run went on with one that had not come to its end */
  readonly resumed: boolean;
  /** where the old versions still stand; null: taken away */
  readonly oldVersionsIn: string | null;
};

export async function rotateMasterKey(
  deps: RotationDeps,
  options: { readonly keepOld: boolean },
): Promise<MasterKeyRotation> {
  const before = await currentState(deps.store);
  const resumed = before.retiring !== undefined;
  if (!resumed) await begin(deps, before, await addVersion(deps.home, before.keyVersion));
  const state = await currentState(deps.store);
  const masterKey = new MasterKey(await readExisting(deps.home));
  // none of them may be missing before anything is sealed anew
  for (const version of [state, ...(state.retiring ?? [])]) checkPresent(masterKey, version, deps.home);
  const resealed = await resealAll(deps.store, masterKey, state.keyVersion);
  await finish(deps.store, state);
  const oldVersionsIn = options.keepOld ? deps.home.place : await dropOld(deps.home, state);
  const from = (state.retiring ?? []).map(({ keyVersion }) => keyVersion);
  return { from, to: state.keyVersion, resealed, resumed, oldVersionsIn };
}

async function currentState(store: MetadataStore): Promise<MasterKeyState> {
  const state = await store.read(readMasterKeyState);
  if (state !== undefined) return state;
  throw new WrongMasterKeyError('this store has no master key yet: start the server once');
}

/** The version to seal with from now on: one that was put there for this, or a new one. */
export async function addVersion(home: MasterKeyHome, current: number): Promise<MasterKeyVersions> {
  const versions = await readExisting(home);
  const highest = Math.max(...versions.keys());
  if (highest > current) return versions;
  await home.write(new Map([...versions, [current + 1, randomBytes(MASTER_KEY_BYTES)]]));
  // what counts is what can be read again
  return readExisting(home);
}

async function begin(
  { store, home, demandEverywhere }: RotationDeps,
  before: MasterKeyState,
  versions: MasterKeyVersions,
): Promise<void> {
  const masterKey = new MasterKey(versions);
  checkPresent(masterKey, before, home);
  const { keyVersion, fingerprint } = before;
  await store.transact(async (transaction) => {
    const state = await readMasterKeyState(transaction);
    if (state?.keyVersion !== keyVersion || state.fingerprint !== fingerprint || state.retiring !== undefined) {
      throw new WrongMasterKeyError('another rotation of the master key began meanwhile: run this again');
    }
    const next = versionOf(masterKey, masterKey.currentVersion);
    await demandEverywhere(transaction, next);
    putMasterKeyState(transaction, { v: 1, ...next, retiring: [{ keyVersion, fingerprint }] });
  });
}

function checkPresent(masterKey: MasterKey, { keyVersion, fingerprint }: KeyVersion, home: MasterKeyHome): void {
  if (masterKey.fingerprint(keyVersion) === fingerprint) return;
  throw new WrongMasterKeyError(
    `${home.place} does not hold version ${keyVersion} of the master key, and secrets are sealed under it: ` +
      'put it back from your copy and run this again',
  );
}

async function resealAll(store: MetadataStore, masterKey: MasterKey, version: number): Promise<number> {
  let total = 0;
  for (;;) {
    let count = 0;
    for (const place of sealedPlaces) count += await resealPlace(store, masterKey, version, place);
    total += count;
    // the old version goes only after a walk that found nothing left
    if (count === 0) return total;
  }
}

async function resealPlace(
  store: MetadataStore,
  masterKey: MasterKey,
  version: number,
  place: SealedPlace,
): Promise<number> {
  let count = 0;
  let start = place.range.start;
  for (;;) {
    const from = start;
    const entries = await store.read((snapshot) => snapshot.range({ start: from, end: place.range.end, limit: PAGE }));
    for (const { key, value } of entries) {
      const isOld = place.open(value).sealed.keyVersion !== version;
      if (isOld && (await resealOne({ store, masterKey, version }, place, key))) count++;
    }
    const last = entries.at(-1);
    if (last === undefined || entries.length < PAGE) return count;
    start = keyAfter(last.key);
  }
}

/** false: deleted or changed meanwhile, which seals anew itself. */
async function resealOne(
  { store, masterKey, version }: { store: MetadataStore; masterKey: MasterKey; version: number },
  place: SealedPlace,
  key: Bytes,
): Promise<boolean> {
  return store.transact(async (transaction) => {
    const value = await transaction.get(key);
    if (value === undefined) return false;
    const { sealed, aad, with: replace } = place.open(value);
    if (sealed.keyVersion === version) return false;
    const text = await openSealed(masterKey, sealed, aad);
    transaction.put(key, replace(seal(masterKey, text, aad, version)));
    return true;
  });
}

/** null: taken away; otherwise where they stand, for a person to take away. */
async function dropOld(home: MasterKeyHome, { keyVersion }: MasterKeyState): Promise<string | null> {
  const versions = await readExisting(home);
  const kept = new Map([...versions].filter(([version]) => version >= keyVersion));
  if (kept.size === versions.size) return null;
  try {
    await home.write(kept);
    return null;
  } catch (error) {
    if (error instanceof MasterKeyHomeError) return home.place;
    throw error;
  }
}

async function finish(store: MetadataStore, done: MasterKeyState): Promise<void> {
  await store.transact(async (transaction) => {
    const state = await readMasterKeyState(transaction);
    if (state?.keyVersion !== done.keyVersion) return;
    const { keyVersion, fingerprint } = done;
    putMasterKeyState(transaction, { v: 1, keyVersion, fingerprint });
  });
}
