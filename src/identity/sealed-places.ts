// Every kind of record that holds something sealed under the master key. A new kind adds itself here: what a rotation
// does not find would be lost with the old version.
import { keyEncryptionKeyAad } from '../encryption/key-ring.ts';
import { prefixRange, tables } from '../metadata/keys.ts';
import type { Bytes } from '../metadata/metadata-store.ts';
import { AUDIT_KEY_AAD, type AuditKeyRecord, auditKeyRange } from '../metadata/tables/audit.ts';
import type { KeyEncryptionKeyRecord } from '../metadata/tables/encryption.ts';
import type { S3KeyRecord, SealedText } from '../metadata/tables/identities.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import { type TemporaryKeyRecord, temporaryKeyRange } from '../metadata/tables/temporary-keys.ts';
import {
  identityProvidersRange,
  type IdentityProviderRecord,
  totpRange,
  type TotpRecord,
} from '../metadata/tables/sign-in.ts';
import { secretAad } from './s3-key-record.ts';
import { temporarySecretAad } from './temporary-keys.ts';
import { identityProviderAad, totpAad } from './sign-in-secrets.ts';

export type SealedPlace = {
  /** as in "12 S3 keys" */
  readonly what: string;
  readonly range: { readonly start: Bytes; readonly end: Bytes };
  readonly open: (value: Bytes) => SealedValue;
};

export type SealedValue = {
  readonly sealed: SealedText;
  readonly aad: string;
  /** the record with this instead */
  readonly with: (sealed: SealedText) => Bytes;
};

export const sealedPlaces: readonly SealedPlace[] = [
  {
    what: 'S3 keys',
    range: prefixRange(tables.s3Key),
    open: (value) => {
      const record = decodeRecord<S3KeyRecord>(value);
      return {
        sealed: record.sealedSecret,
        aad: secretAad(record),
        with: (sealedSecret) => {
          const changed: S3KeyRecord = { ...record, sealedSecret };
          return encodeRecord(changed);
        },
      };
    },
  },
  {
    what: 'the key of the audit trail',
    range: auditKeyRange(),
    open: (value) => {
      const record = decodeRecord<AuditKeyRecord>(value);
      return {
        sealed: record.sealed,
        aad: AUDIT_KEY_AAD,
        with: (sealed) => {
          const changed: AuditKeyRecord = { ...record, sealed };
          return encodeRecord(changed);
        },
      };
    },
  },
  {
    what: 'temporary credentials',
    range: temporaryKeyRange(),
    open: (value) => {
      const record = decodeRecord<TemporaryKeyRecord>(value);
      return {
        sealed: record.sealedSecret,
        aad: temporarySecretAad(record),
        with: (sealedSecret) => {
          const changed: TemporaryKeyRecord = { ...record, sealedSecret };
          return encodeRecord(changed);
        },
      };
    },
  },
  {
    what: 'key-encryption keys',
    range: prefixRange(tables.keyEncryptionKey),
    open: (value) => {
      const record = decodeRecord<KeyEncryptionKeyRecord>(value);
      return {
        sealed: record.sealed,
        aad: keyEncryptionKeyAad(record),
        with: (sealed) => {
          const changed: KeyEncryptionKeyRecord = { ...record, sealed };
          return encodeRecord(changed);
        },
      };
    },
  },
  {
    what: 'authenticator apps',
    range: totpRange(),
    open: (value) => {
      const record = decodeRecord<TotpRecord>(value);
      return {
        sealed: record.sealedSecret,
        aad: totpAad(record),
        with: (sealedSecret) => {
          const changed: TotpRecord = { ...record, sealedSecret };
          return encodeRecord(changed);
        },
      };
    },
  },
  {
    what: 'identity providers',
    range: identityProvidersRange(),
    open: (value) => {
      const record = decodeRecord<IdentityProviderRecord>(value);
      return {
        sealed: record.sealedSecret,
        aad: identityProviderAad(record),
        with: (sealedSecret) => {
          const changed: IdentityProviderRecord = { ...record, sealedSecret };
          return encodeRecord(changed);
        },
      };
    },
  },
];
