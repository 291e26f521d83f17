// Counts a finished request for the reports of the project it is about: the bucket's, or the key's where no bucket is
// named. What can be laid to no project (a wrong signature, a bucket that is not there) is in nobody's report.
import { kindOfRequest } from '../reports/meter.ts';
import type { S3Services } from './services.ts';
import type { Trace } from './trace.ts';

export function meterRequest({ meter }: Pick<S3Services, 'meter'>, trace: Trace, bytesIn: number): void {
  const { bucket, principal, operation, method, status, bytesOut } = trace;
  if (trace.query !== null) return;
  const projectId = bucket?.projectId ?? (principal?.kind === 's3-key' ? principal.projectId : null);
  if (projectId === null) return;
  const kind = kindOfRequest(operation, method);
  meter.count({ projectId, bucket, kind, status, bytesIn, bytesOut });
}
