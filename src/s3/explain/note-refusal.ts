// Every 403, and every 400 that is about the signature, can be asked for by its request id.
import { S3Error } from '../../shared/errors.ts';
import { auditEntry } from '../audit/entry.ts';
import type { S3Services } from '../services.ts';
import type { Trace } from '../trace.ts';
import { explainRefusal } from './explain-refusal.ts';

const SIGNING_CODES: ReadonlySet<string> = new Set([
  'AuthorizationHeaderMalformed',
  'AuthorizationQueryParametersError',
  'ExpiredToken',
  'InvalidToken',
  'XAmzContentSHA256Mismatch',
  // of the Query APIs
  'IncompleteSignature',
  'RequestExpired',
  'ExpiredTokenException',
]);

export function isExplained({ status, errorCode, error }: Pick<Trace, 'status' | 'errorCode' | 'error'>): boolean {
  if (errorCode === null) return false;
  if (status === 403 || SIGNING_CODES.has(errorCode)) return true;
  const isAboutSigning = error instanceof S3Error && /x-amz-content-sha256|AWS4-HMAC-SHA256/.test(error.message);
  return errorCode === 'InvalidRequest' && isAboutSigning;
}

/** After the answer. */
export function noteRefusal(services: S3Services, trace: Trace): void {
  if (!isExplained(trace)) return;
  const { requestId, operation, method, status, errorCode, clientAddress, userAgent, error, principal } = trace;
  const { resource, channel } = auditEntry(trace, { category: 'data', access: 'read' }, services.clock());
  services.refusals.note({
    requestId,
    at: services.clock(),
    channel,
    operation,
    method,
    resource,
    status,
    code: errorCode ?? '',
    message: error instanceof Error ? error.message : '',
    address: clientAddress,
    userAgent: userAgent.slice(0, 300),
    sender: principal?.kind === 's3-key' ? principal.accessKey : clientAddress,
    explain: () => explainRefusal(services, trace),
  });
}
