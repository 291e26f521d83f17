// The key that checkpoints and boundaries are sealed with: random, itself sealed under the master key. Who can change the
// store but does not have the master key cannot make a checkpoint that passes.
import { randomBytes } from 'node:crypto';
import type { MasterKey } from '../identity/sealing.ts';
import { openSealed } from '../identity/sealing.ts';
import { sealIn } from '../identity/master-key-state.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import { AUDIT_KEY_AAD, auditKeyKey, type AuditKeyRecord } from '../metadata/tables/audit.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';

type Deps = { readonly store: MetadataStore; readonly masterKey: MasterKey };

/** undefined: there is none yet, or no more. */
export async function findAuditKey({ store, masterKey }: Deps): Promise<Buffer | undefined> {
  const value = await store.read((snapshot) => snapshot.get(auditKeyKey()));
  if (value === undefined) return undefined;
  return Buffer.from(await openSealed(masterKey, decodeRecord<AuditKeyRecord>(value).sealed, AUDIT_KEY_AAD), 'base64');
}

/** Made when it is first needed. */
export async function auditKeyOf(deps: Deps): Promise<Buffer> {
  const known = await findAuditKey(deps);
  if (known !== undefined) return known;
  const fresh = randomBytes(32).toString('base64');
  await deps.store.transact(async (transaction) => {
    if ((await transaction.get(auditKeyKey())) !== undefined) return;
    const record: AuditKeyRecord = { v: 1, sealed: await sealIn(transaction, deps.masterKey, fresh, AUDIT_KEY_AAD) };
    transaction.put(auditKeyKey(), encodeRecord(record));
  });
  return auditKeyOf(deps);
}
