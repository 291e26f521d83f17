// A record as those may see it whose trail it belongs to. Who of another account used a bucket is told by account and id
// only, and of a bucket of another account not the project it is in.
import type { AuditActor, AuditRecord } from './entry.ts';

/** `accountId` null: an operator, who sees everything. */
export function viewRecord(record: AuditRecord, accountId: string | null): AuditRecord {
  const { who, projectId, ...rest } = record;
  if (accountId === null || record.accounts.every((id) => id === accountId)) return record;
  if (who.accountId === accountId) return { ...rest, who };
  return { ...rest, ...(projectId === undefined ? {} : { projectId }), who: strangerOf(who) };
}

function strangerOf({ type, accountId, id }: AuditActor): AuditActor {
  return { type, ...(accountId === undefined ? {} : { accountId }), ...(id === undefined ? {} : { id }) };
}
