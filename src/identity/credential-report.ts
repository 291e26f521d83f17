// Every key with what an auditor asks of it, as CSV (RFC 4180). Never a secret.
import { endOf } from '../access/signers.ts';
import type { S3Key } from './shown-s3-key.ts';

const columns: readonly (readonly [name: string, value: (key: S3Key, now: number) => string])[] = [
  ['id', ({ id }) => id],
  ['access_key', ({ accessKey }) => accessKey],
  ['project_id', ({ projectId }) => projectId],
  ['description', ({ description }) => description],
  ['creator_type', ({ creator }) => creator.type],
  ['creator', ({ creatorName }) => creatorName],
  ['status', stateOf],
  ['created_at', ({ createdAt }) => isoTime(createdAt)],
  ['expires_at', ({ expiresAt }) => isoTime(expiresAt)],
  ['last_used_at', ({ lastUsedAt }) => isoTime(lastUsedAt)],
  ['last_used_action', ({ lastUse }) => lastUse?.action ?? ''],
  ['last_used_from', ({ lastUse }) => lastUse?.clientAddress ?? ''],
  ['restricted', ({ restriction }) => String(restriction !== null)],
  ['rotated_to', ({ rotation }) => rotation?.replacedBy ?? ''],
  ['works_until', ({ rotation }) => isoTime(rotation?.endsAt ?? null)],
  ['warnings', ({ warnings }) => warnings.join(' ')],
  ['service_account', ({ serviceAccount }) => serviceAccount?.name ?? ''],
];

function stateOf(key: S3Key, now: number): string {
  if (key.rotation !== null) return key.rotation.endsAt <= now ? 'rotated-out' : 'rotating-out';
  return endOf(key) <= now ? 'expired' : key.status;
}

const isoTime = (ms: number | null): string => (ms === null ? '' : new Date(ms).toISOString());

/** A spreadsheet must not take a description for a formula. */
function field(text: string): string {
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

/** Without its end. */
export const csvLine = (fields: readonly string[]): string => fields.map(field).join(',');

export function credentialReport(keys: readonly S3Key[], now: number): string {
  const rows = keys.map((key) => columns.map(([, value]) => value(key, now)));
  return [columns.map(([name]) => name), ...rows].map((row) => `${csvLine(row)}\r\n`).join('');
}
