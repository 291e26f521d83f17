// A new version of the master key is not used before every gateway holds it: one that lacks it could use no key that is
// sealed under it.
import type { KeyVersion } from '../identity/master-key-state.ts';
import type { Snapshot } from '../metadata/metadata-store.ts';
import { readGateways } from '../metadata/tables/gateways.ts';
import type { GatewayWatch } from './gateway-watch.ts';

/** Nothing was changed; trying again later is safe. */
export class GatewaysBehindError extends Error {
  override readonly name = 'GatewaysBehindError';
}

/** Asked in the transaction that begins to use it: a gateway that starts meanwhile makes that run again. */
export async function demandEverywhere(
  snapshot: Snapshot,
  watch: GatewayWatch,
  { keyVersion, fingerprint }: KeyVersion,
): Promise<void> {
  const { live } = watch.look(await readGateways(snapshot));
  const behind = live.filter(
    ({ masterKey }) => !masterKey.some((held) => held.keyVersion === keyVersion && held.fingerprint === fingerprint),
  );
  if (behind.length === 0) return;
  const names = [...new Set(behind.map(({ host, pid }) => `${host} (process ${pid})`))];
  throw new GatewaysBehindError(
    `version ${keyVersion} of the master key has not arrived at ${names.join(', ')}: copy the master key file there ` +
      '(or set VSTORAGE_MASTER_KEY there and restart) and run this again; nothing is sealed under it yet',
  );
}
