// Headers of GetObject and HeadObject that only those see who may ask for what is in them.
import type { ObjectRecord } from '../metadata/tables/objects.ts';
import type { ObjectKey } from '../shared/ids.ts';
import { expirationHeaders, restoreHeaders } from './lifecycle-headers.ts';
import type { OperationContext } from './operation.ts';
import { versionedAction } from './versions.ts';

type Source = { readonly object: ObjectRecord; readonly key: ObjectKey; readonly versionId: string | null };

/** The number of tags, and the lock, which most objects lack; then nothing is asked. And what is to become of it. */
export async function objectFacts(context: OperationContext, source: Source): Promise<Record<string, string>> {
  const { object, key, versionId } = source;
  const headers = restoreHeaders(object, context.services.clock());
  if (object.tags !== undefined) Object.assign(headers, await tagCount(context, source));
  if (object.lock !== undefined) Object.assign(headers, await lockHeaders(context, source));
  if (versionId === null) Object.assign(headers, await expirationHeaders(context, key, object));
  return headers;
}

async function tagCount(context: OperationContext, { object, versionId }: Source): Promise<Record<string, string>> {
  const count = object.tags?.length ?? 0;
  if (count === 0 || !(await context.allows({ action: versionedAction(versionId, 'Get', 'Tagging') }))) return {};
  return { 'x-amz-tagging-count': String(count) };
}

async function lockHeaders(context: OperationContext, { object }: Source): Promise<Record<string, string>> {
  const { retention = null, legalHold = null } = object.lock ?? {};
  const headers: Record<string, string> = {};
  if (retention !== null && (await context.allows({ action: 's3:GetObjectRetention' }))) {
    headers['x-amz-object-lock-mode'] = retention.mode;
    headers['x-amz-object-lock-retain-until-date'] = new Date(retention.until).toISOString();
  }
  if (legalHold !== null && (await context.allows({ action: 's3:GetObjectLegalHold' }))) {
    headers['x-amz-object-lock-legal-hold'] = legalHold ? 'ON' : 'OFF';
  }
  return headers;
}
