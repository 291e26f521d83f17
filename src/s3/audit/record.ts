// The one record of a request. A change of the configuration of something is recorded before its answer goes out, and an
// answer whose record cannot be written says so; all else is noted after the answer, in batches. What is about objects is
// recorded for buckets that ask for it: for all others it costs the comparison of a field.
import { type Clue, wantsData } from '../../audit/auditor.ts';
import type { AuditEntry } from '../../audit/entry.ts';
import { S3Error } from '../../shared/errors.ts';
import type { S3Services } from '../services.ts';
import type { Trace } from '../trace.ts';
import { auditEntry, claimedKey, operationOf } from './entry.ts';
import { findKind, type OperationKind, queryKindOfCall } from './operation-kind.ts';

type Deps = Pick<S3Services, 'audit' | 'clock' | 'region'>;

const kindOfTrace = (trace: Trace): OperationKind | null =>
  trace.query === null ? findKind(trace.operation) : queryKindOfCall(operationOf(trace));

/** Before the answer; `trace.status` is what it will be. null: there is nothing to wait for. */
export function auditChange(deps: Deps, trace: Trace): Promise<void> | null {
  const kind = kindOfTrace(trace);
  if (kind === null || kind.category === 'data' || kind.access === 'read' || trace.status >= 400) return null;
  trace.isAudited = true;
  return recordChange(deps, auditEntry(trace, kind, deps.clock()));
}

async function recordChange({ audit }: Deps, entry: AuditEntry): Promise<void> {
  try {
    await audit.record(entry);
  } catch (cause) {
    const message = 'This was done, but it could not be written into the audit trail yet. Look whether it holds.';
    throw new S3Error('ServiceUnavailable', { message, cause });
  }
}

/** After the answer. */
export function auditEnd({ audit, clock, region }: Deps, trace: Trace): void {
  if (trace.isAudited) return;
  const kind = kindOfTrace(trace);
  if (kind === null) return;
  const { bucket, principal, request } = trace;
  if (kind.category === 'data' && bucket !== null) {
    if (wantsData(bucket, kind.access)) audit.note(auditEntry(trace, kind, clock()));
    return;
  }
  if (principal === null) {
    const clue: Clue = { region, bucket: request?.bucket ?? null, accessKey: claimedKey(trace) };
    audit.noteClaimed(auditEntry(trace, kind, clock()), clue);
  } else if (kind.category !== 'data') audit.note(auditEntry(trace, kind, clock()));
}
