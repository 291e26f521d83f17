// The entry of one request, made of its trace. Keys of objects stand in it, the query string does not: signatures and
// tokens of presigned URLs are in it.
import { actorOf, trailsOf } from '../../audit/actor.ts';
import { type AuditDetails, type AuditEntry, outcomeOf } from '../../audit/entry.ts';
import { resourceArn } from '../../access/authorize.ts';
import { S3Error } from '../../shared/errors.ts';
import type { BucketName } from '../../shared/ids.ts';
import type { Trace } from '../trace.ts';
import type { OperationKind } from './operation-kind.ts';

export function auditEntry(trace: Trace, { category, access }: OperationKind, at: number): AuditEntry {
  const { action, status, errorCode, requestId, clientAddress, userAgent, bucket, principal } = trace;
  const who = actorOf(principal);
  const name = bucket?.name ?? trace.request?.bucket ?? null;
  const details = detailsOf(trace);
  return {
    at,
    operation: operationOf(trace),
    action,
    category,
    access,
    channel: trace.query === null ? 's3' : 'iam',
    who,
    accounts: trailsOf(bucket?.accountId, who.accountId),
    resource: trace.query?.resource ?? resourceOf(trace, name),
    ...placeOf(trace, name),
    outcome: outcomeOf(status, errorCode),
    status,
    code: errorCode,
    requestId,
    address: clientAddress,
    userAgent,
    ...(details === null ? {} : { details }),
  };
}

/** Of a call that was refused before it was looked at: what it asked for. */
export function operationOf({ operation, query }: Trace): string {
  return operation === 'Unrouted' ? (query?.action ?? operation) : operation;
}

/** An access key that was claimed by whoever could not prove it. */
export function claimedKey({ error }: Trace): string | null {
  return error instanceof S3Error ? (error.fields['AWSAccessKeyId'] ?? null) : null;
}

function resourceOf({ request, query }: Trace, bucket: BucketName | null): string | null {
  return query !== null || bucket === null ? null : resourceArn({ bucket, key: request?.key ?? null });
}

function placeOf({ bucket, principal }: Trace, name: string | null): Partial<AuditEntry> {
  const keyProject = principal?.kind === 's3-key' ? principal.projectId : undefined;
  const projectId = bucket?.projectId ?? keyProject;
  return {
    ...(projectId === undefined ? {} : { projectId }),
    ...(name === null ? {} : { bucket: name }),
    ...(bucket === null ? {} : { region: bucket.region }),
  };
}

function detailsOf({ request, replyHeaders, replyDetails, query, operation }: Trace): AuditDetails | null {
  const versionId = replyHeaders['x-amz-version-id'] ?? request?.query.get('versionId');
  const source = /Copy$|^CopyObject/.test(operation) ? request?.headers.get('x-amz-copy-source') : undefined;
  const details = {
    ...(versionId === undefined ? {} : { versionId }),
    ...(source === undefined ? {} : { copySource: source.slice(0, 1200) }),
    ...query?.details,
    ...replyDetails,
  };
  return Object.keys(details).length === 0 ? null : details;
}
