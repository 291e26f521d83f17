// What lifecycle rules have in store for an object or an upload, and whether an archived object is restored.
import type { ObjectRecord } from '../metadata/tables/objects.ts';
import type { ObjectKey } from '../shared/ids.ts';
import { configurationsOf, knownConfigurations } from '../storage/bucket-configurations.ts';
import { factsOf } from '../storage/lifecycle-apply.ts';
import { abortOf, DAY_MS, expirationOf } from '../storage/lifecycle-rules.ts';
import { findObject } from '../storage/read-object.ts';
import { restoredUntil } from '../storage/restore-object.ts';
import { httpDate } from './object-headers.ts';
import type { OperationContext } from './operation.ts';
import { requireBucket } from './require.ts';

/**
 * x-amz-expiration of the current version. The date counts days of 24 hours, as clients do, also where --lifecycle-day
 * lets the rules run faster.
 */
export async function expirationHeaders(
  context: OperationContext,
  key: string,
  object: ObjectRecord,
): Promise<Record<string, string>> {
  const { services } = context;
  const bucket = requireBucket(context);
  const { lifecycle } = knownConfigurations(services, bucket) ?? (await configurationsOf(services, bucket));
  const expiration = lifecycle === undefined ? null : expirationOf(lifecycle, factsOf(key, object), DAY_MS);
  if (expiration === null) return {};
  const rule = encodeURIComponent(expiration.ruleId);
  return { 'x-amz-expiration': `expiry-date="${httpDate(expiration.at)}", rule-id="${rule}"` };
}

/** The same for a key whose object is not at hand. */
export async function storedExpirationHeaders(
  context: OperationContext,
  key: ObjectKey,
): Promise<Record<string, string>> {
  const bucket = requireBucket(context);
  if ((await configurationsOf(context.services, bucket)).lifecycle === undefined) return {};
  const object = await findObject(context.services, bucket, key);
  return object === undefined ? {} : expirationHeaders(context, key, object);
}

export async function abortHeaders(
  context: OperationContext,
  upload: { readonly key: string; readonly initiatedAt: number },
): Promise<Record<string, string>> {
  const { lifecycle } = await configurationsOf(context.services, requireBucket(context));
  const abort = lifecycle === undefined ? null : abortOf(lifecycle, upload, DAY_MS);
  if (abort === null) return {};
  return { 'x-amz-abort-date': httpDate(abort.at), 'x-amz-abort-rule-id': encodeURIComponent(abort.ruleId) };
}

export function restoreHeaders(object: ObjectRecord, now: number): Record<string, string> {
  const until = restoredUntil(object, now);
  return until === null ? {} : { 'x-amz-restore': `ongoing-request="false", expiry-date="${httpDate(until)}"` };
}
