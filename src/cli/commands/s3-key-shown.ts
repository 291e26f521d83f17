// How a key stands in answers of the commands.
import type { Command } from 'commander';
import { showHours } from '../../identity/parse-restriction.ts';
import type { S3Key } from '../../identity/s3-keys.ts';
import type { KeyRestriction } from '../../metadata/tables/identities.ts';
import { type CliContext, printResult } from '../context.ts';
import { isoTime } from './identity-context.ts';

type Row = Readonly<Record<string, unknown>>;

/** `secretKey`: in the answer that makes it, and only there. */
export function show(key: S3Key, secretKey: string | null = null): Row {
  const { id, accessKey, projectId, accountId, creator, creatorName, description, status } = key;
  const names = { id, accessKey, ...(secretKey === null ? {} : { secretKey }), projectId, accountId };
  const times = { createdAt: isoTime(key.createdAt), expiresAt: isoTime(key.expiresAt) };
  return {
    ...names,
    creator: { ...creator, name: creatorName },
    serviceAccount: key.serviceAccount,
    description,
    status,
    ...times,
    lastUsed: isoTime(key.lastUsedAt),
    lastUsedAction: key.lastUse?.action ?? null,
    lastUsedFrom: key.lastUse?.clientAddress ?? null,
    restriction: key.restriction === null ? null : restrictionRow(key.restriction),
    rotatedTo: key.rotation === null ? null : { id: key.rotation.replacedBy, worksUntil: isoTime(key.rotation.endsAt) },
    warnings: key.warnings,
  };
}

const restrictionRow = (restriction: KeyRestriction): Row => ({
  ...restriction,
  hours: restriction.hours === null ? null : showHours(restriction.hours),
});

/** A table has no room for ids of others and for policies: --json has everything. */
function flat(row: Row): Row {
  const { lastUsedAction: _action, lastUsedFrom: _from, accountId: _account, ...shown } = row;
  const name = (value: unknown, field: string): unknown => Reflect.get(Object(value), field);
  return {
    ...shown,
    creator: name(row['creator'], 'name'),
    serviceAccount: name(row['serviceAccount'], 'name') ?? null,
    restriction: row['restriction'] === null ? null : summary(row['restriction']),
    rotatedTo: name(row['rotatedTo'], 'id') ?? null,
  };
}

function summary(restriction: unknown): string {
  const parts = Object.entries(Object(restriction)).filter(([, value]) => value !== null);
  const text = (value: unknown): string => (Array.isArray(value) ? value.join(',') : String(value));
  return parts
    .map(([name, value]) => (name === 'policy' || name === 'hours' ? name : `${name}=${text(value)}`))
    .join(' ');
}

export function print(command: Command, context: CliContext, rows: Row | readonly Row[]): void {
  const json = command.optsWithGlobals()['json'] === true;
  const isList = (value: Row | readonly Row[]): value is readonly Row[] => Array.isArray(value);
  if (json) printResult(command, context, rows);
  else printResult(command, context, isList(rows) ? rows.map(flat) : flat(rows));
}
