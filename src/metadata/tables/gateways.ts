// One row per process that serves, which it writes anew at every beat.
import { encodeKey, prefixRange, tables } from '../keys.ts';
import type { Bytes, Snapshot } from '../metadata-store.ts';
import { decodeRecord } from './record.ts';

export type GatewayRecord = {
  readonly v: 1;
  /** unique among running processes, and new at each start */
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  /** of the program */
  readonly version: string;
  /** the newest form of the store that it knows (metadata/store-format.ts) */
  readonly format: number;
  /** what it holds of the master key, by fingerprint */
  readonly masterKey: readonly { readonly keyVersion: number; readonly fingerprint: string }[];
  /** ms since 1970 by its own clock, like `seenAt` */
  readonly startedAt: number;
  readonly seenAt: number;
  readonly beat: number;
};

const MOST_GATEWAYS = 10_000;

export const gatewayKey = (id: string): Bytes => encodeKey(tables.gateway, id);

export async function readGateways(snapshot: Snapshot): Promise<GatewayRecord[]> {
  const rows = await snapshot.range({ ...prefixRange(tables.gateway), limit: MOST_GATEWAYS });
  return rows.map(({ value }) => decodeRecord<GatewayRecord>(value));
}
