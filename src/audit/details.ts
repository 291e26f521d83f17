// What of a request's own words may stand in the trail: fields that are known to be harmless, and no others. A field that
// nobody thought of stays out.
import type { AuditDetails } from './entry.ts';

const MAX_TEXT = 200;
const MAX_ITEMS = 100;

/** In any spelling: compared in lower case, without hyphens. */
const HARMLESS: ReadonlySet<string> = new Set(
  [
    ...[
      'accessKeyId',
      'account',
      'accountId',
      'accounts',
      'action',
      'arguments',
      'boundary',
      'bucket',
      'buckets',
      'class',
      'count',
    ],
    ...['dataAccess', 'defaultVersion', 'days', 'description', 'durationSeconds', 'email', 'enabled', 'expires'],
    ...['expiresAt', 'expiresIn', 'group', 'groupId', 'groupName', 'groups', 'id', 'ids', 'issuer', 'key', 'keys'],
    ...['keepOld', 'label', 'locale', 'maxSessionDuration', 'name', 'networks', 'newName', 'newPath', 'newUserName'],
    ...['objectLock', 'overlap', 'overlapSeconds', 'path', 'permissionsBoundary', 'policies', 'policy', 'policyArn'],
    ...['policyName', 'prefix', 'project', 'projectId', 'projectName', 'providerArn', 'quota', 'quotaBytes', 'region'],
    ...['retention', 'role', 'roleArn', 'roleName', 'roleSessionName', 'rootEmail', 'scope', 'serviceAccount'],
    ...['serviceAccountId', 'serviceAccountName', 'setAsDefault', 'size', 'state', 'status', 'storageClass', 'target'],
    ...['tokenLifespanSeconds', 'trustedAccounts', 'type', 'user', 'userId', 'userName', 'userNames', 'users'],
    ...['version', 'versionId', 'versioning', 'format'],
    ...['autoCreate', 'expiryDays', 'history', 'idleMinutes', 'kinds', 'lockMinutes', 'matchExisting', 'maxFailures'],
    ...['minLength', 'requireSecondFactor'],
  ].map((name) => name.toLowerCase()),
);

/** Not the text of policies, which `policy` may be in commands and calls. */
const isText = (value: string): boolean => !/[{}\n]/.test(value);

export function harmlessDetails(fields: Readonly<Record<string, unknown>>): AuditDetails {
  const kept = Object.entries(fields).flatMap(([name, value]) => {
    if (!HARMLESS.has(name.toLowerCase().replaceAll('-', ''))) return [];
    const shown = shorten(value);
    return shown === undefined ? [] : [[name, shown] as const];
  });
  return Object.fromEntries(kept);
}

function shorten(value: unknown): AuditDetails[string] | undefined {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'string') return isText(value) ? value.slice(0, MAX_TEXT) : undefined;
  if (!Array.isArray(value)) return undefined;
  const texts = value.filter((item): item is string => typeof item === 'string' && isText(item));
  return texts.slice(0, MAX_ITEMS).map((text) => text.slice(0, MAX_TEXT));
}
