// Every process that serves says so in the store: which program it is, which form of the store it knows, which versions of
// the master key it holds. It is told by the same transaction whether it may serve at all, so that neither a rotation of
// the master key nor a newer form of the store can come between.
import { setTimeout as sleep } from 'node:timers/promises';
import { demandVersions, readMasterKeyState, WrongMasterKeyError } from '../identity/master-key-state.ts';
import type { MasterKey } from '../identity/sealing.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import { KNOWN_FORMAT, refuseNewerFormat, StoreTooNewError } from '../metadata/store-format.ts';
import { gatewayKey, type GatewayRecord } from '../metadata/tables/gateways.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import type { Clock } from '../shared/clock.ts';

export type AnnounceDeps = {
  readonly store: MetadataStore;
  readonly clock: Clock;
  readonly masterKey: MasterKey;
  readonly gateway: Pick<GatewayRecord, 'id' | 'host' | 'pid' | 'version'>;
  /** the store could not be reached, or the master key not be read again; it is tried again */
  readonly onError: (error: unknown) => void;
  readonly format?: number;
  readonly beatMs?: number;
};

export type Announced = AsyncDisposable & {
  /** Rejects when this process must not serve any longer; never resolves. */
  readonly refused: Promise<never>;
};

const BEAT_MS = 2_000;

/** Rejects with StoreTooNewError or WrongMasterKeyError. Disposed, the row is taken away. */
export async function announceGateway(deps: AnnounceDeps): Promise<Announced> {
  const startedAt = deps.clock();
  const ended = new AbortController();
  const { promise: refused, reject } = Promise.withResolvers<never>();
  // whoever waits for it is told; nobody has to
  refused.catch(() => {});
  await announce(deps, startedAt, 0);
  const beats = beatUntil(deps, startedAt, ended.signal).catch(reject);
  return {
    refused,
    [Symbol.asyncDispose]: async () => {
      ended.abort();
      await beats;
      const key = gatewayKey(deps.gateway.id);
      const remove = deps.store.transact(async (transaction) => transaction.delete(key), { administrative: true });
      await remove.catch(deps.onError);
    },
  };
}

async function beatUntil(deps: AnnounceDeps, startedAt: number, signal: AbortSignal): Promise<void> {
  for (let beat = 1; ; beat++) {
    await sleep(deps.beatMs ?? BEAT_MS, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    try {
      await deps.masterKey.refresh().catch(deps.onError);
      await announce(deps, startedAt, beat);
    } catch (error) {
      if (error instanceof StoreTooNewError || error instanceof WrongMasterKeyError) throw error;
      deps.onError(error);
    }
  }
}

async function announce(
  { store, clock, masterKey, gateway, format = KNOWN_FORMAT }: AnnounceDeps,
  startedAt: number,
  beat: number,
): Promise<void> {
  const held = { format, masterKey: masterKey.versions() };
  const record: GatewayRecord = { v: 1, ...gateway, ...held, startedAt, seenAt: clock(), beat };
  await store.transact(
    async (transaction) => {
      await refuseNewerFormat(transaction, format);
      const state = await readMasterKeyState(transaction);
      if (state !== undefined) demandVersions(masterKey, [state, ...(state.retiring ?? [])]);
      transaction.put(gatewayKey(gateway.id), encodeRecord(record));
    },
    { administrative: true },
  );
}
