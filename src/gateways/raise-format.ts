// The end of a rolling upgrade: the store takes the newest form only when every gateway that lives knows it. Rows of
// gateways that died are taken away first. A gateway that starts meanwhile writes its row in a transaction that reads the
// form, this one reads the rows: one of the two runs again and sees the other.
import type { MetadataStore } from '../metadata/metadata-store.ts';
import { KNOWN_FORMAT, putFormat, readFormat } from '../metadata/store-format.ts';
import { gatewayKey, type GatewayRecord, readGateways } from '../metadata/tables/gateways.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import type { GatewayWatch } from './gateway-watch.ts';

export type FormatDeps = {
  readonly store: MetadataStore;
  readonly watch: GatewayWatch;
  readonly format?: number;
};

export type FormatStep = {
  readonly removed: number;
  /** of the store, now */
  readonly format: number;
  /** that live and know no newer form than the store has, though there is one */
  readonly behind: readonly GatewayRecord[];
};

export async function raiseFormat({ store, watch, format = KNOWN_FORMAT }: FormatDeps): Promise<FormatStep> {
  const { silent } = watch.look(await store.read(readGateways));
  for (const gateway of silent) await removeSilent(store, gateway);
  const before = await store.read(readFormat);
  if (before >= format) return { removed: silent.length, format: before, behind: [] };
  return store.transact(async (transaction) => {
    const now = await readFormat(transaction);
    const behind = (await readGateways(transaction)).filter((gateway) => gateway.format < format);
    if (behind.length > 0 || now >= format) return { removed: silent.length, format: now, behind };
    putFormat(transaction, format);
    return { removed: silent.length, format, behind };
  });
}

/** Unless it speaks again. */
async function removeSilent(store: MetadataStore, { id, beat }: GatewayRecord): Promise<void> {
  await store.transact(async (transaction) => {
    const value = await transaction.get(gatewayKey(id));
    if (value !== undefined && decodeRecord<GatewayRecord>(value).beat === beat) transaction.delete(gatewayKey(id));
  });
}
