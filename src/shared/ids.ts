// Identifiers. Every one is a branded string, so that a bucket name cannot be passed where a key is meant.
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { randomHex } from './random.ts';

declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** 12 decimal digits. */
export type AccountId = Brand<string, 'AccountId'>;
/** UUID of an IAM user. */
export type UserId = Brand<string, 'UserId'>;
/** UUID of a group of IAM users. */
export type GroupId = Brand<string, 'GroupId'>;
/** UUID of a service account: also the client id it asks for tokens with. */
export type ServiceAccountId = Brand<string, 'ServiceAccountId'>;
/** UUID of a role. */
export type RoleId = Brand<string, 'RoleId'>;
/** 32 hexadecimal digits. */
export type ProjectId = Brand<string, 'ProjectId'>;
/** UUID of an S3 key record (not the access key). */
export type S3KeyId = Brand<string, 'S3KeyId'>;
/** What a client signs with: 32 hexadecimal digits, or an imported 3–128 characters of `A-Za-z0-9._-`. */
export type AccessKey = Brand<string, 'AccessKey'>;
export type BucketName = Brand<string, 'BucketName'>;
/** Internal, unchanging name of a bucket: 16 hexadecimal digits. */
export type BucketId = Brand<string, 'BucketId'>;
/** 1–1024 bytes of UTF-8, any characters. */
export type ObjectKey = Brand<string, 'ObjectKey'>;
/** 32 hexadecimal digits: 12 of milliseconds since 1970, 20 random. Names inline bodies, blobs and part lists. */
export type BlobId = Brand<string, 'BlobId'>;
/** 32 base32hex characters in order of initiation. */
export type UploadId = Brand<string, 'UploadId'>;
/** `null`, or 32 characters of `0-9a-v` (base32hex) whose byte order is newest first. */
export type VersionId = Brand<string, 'VersionId'>;
/** Upper-case region name, for example `HAN02`. */
export type Region = Brand<string, 'Region'>;

const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function timeOrderedHex(nowMs: number): string {
  return nowMs.toString(16).padStart(12, '0') + randomHex(10);
}

export const newAccountId = (): AccountId =>
  (String(randomInt(1, 10)) + String(randomInt(0, 1e11)).padStart(11, '0')) as AccountId;
export const newUserId = (): UserId => randomUUID() as UserId;
export const newGroupId = (): GroupId => randomUUID() as GroupId;
export const newServiceAccountId = (): ServiceAccountId => randomUUID() as ServiceAccountId;
export const newRoleId = (): RoleId => randomUUID() as RoleId;
export const newProjectId = (): ProjectId => randomBytes(16).toString('hex') as ProjectId;
export const newS3KeyId = (): S3KeyId => randomUUID() as S3KeyId;
export const newAccessKey = (): AccessKey => randomBytes(16).toString('hex') as AccessKey;
export const newBucketId = (): BucketId => randomBytes(8).toString('hex') as BucketId;
export const newBlobId = (nowMs: number): BlobId => timeOrderedHex(nowMs) as BlobId;
export const newRequestId = (): string => randomHex(8).toUpperCase();

const BASE32HEX = '0123456789abcdefghijklmnopqrstuv';

/** 5 bits a character, so that the text sorts as the bytes do. */
function base32hex(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += BASE32HEX[(held >> bits) & 31];
    }
  }
  return text;
}

/** 48 bits of milliseconds, 112 random. */
export function newUploadId(nowMs: number): UploadId {
  const bytes = randomBytes(20);
  bytes.writeUIntBE(nowMs, 0, 6);
  return base32hex(bytes) as UploadId;
}

export const NULL_VERSION = 'null' as VersionId;

const LAST_MS = 2 ** 48 - 1;

/** 48 bits of milliseconds counted down, so that the newest comes first; 112 random. */
export function newVersionId(nowMs: number): VersionId {
  const bytes = randomBytes(20);
  bytes.writeUIntBE(LAST_MS - nowMs, 0, 6);
  return base32hex(bytes) as VersionId;
}

/** The place of what has no version id of its own; the same for the same time. */
export function placeAt(ms: number): VersionId {
  const bytes = Buffer.alloc(20);
  bytes.writeUIntBE(LAST_MS - ms, 0, 6);
  return base32hex(bytes) as VersionId;
}

const VERSION_ID = /^[0-9a-v]{32}$/;

/** Whether this server can have made it. */
export const isVersionId = (text: string): text is VersionId => text === NULL_VERSION || VERSION_ID.test(text);

/** When the version was made, as its id tells. */
export function timeOfVersionId(versionId: VersionId): number {
  // ten characters hold the 48 bits and two more
  let bits = 0;
  for (const char of versionId.slice(0, 10)) bits = bits * 32 + BASE32HEX.indexOf(char);
  return LAST_MS - Math.floor(bits / 4);
}

/** 40 letters and digits, 238 bits. */
export function newSecretKey(): string {
  return Array.from({ length: 40 }, () => LETTERS_AND_DIGITS[randomInt(LETTERS_AND_DIGITS.length)]).join('');
}
