// Errors of the Query APIs, by AWS's codes, and what the errors of the rest of the program are called there.
// https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
// https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
import type { QueryService } from '../access/query-call.ts';
import {
  OutcomeUnknownError,
  StoreFullError,
  StoreUnavailableError,
  TransactionConflictError,
} from '../metadata/metadata-store.ts';
import { MalformedPolicyError } from '../policy/malformed-policy.ts';
import { ProblemError, S3Error } from '../shared/errors.ts';

export const queryErrors = {
  AccessDenied: 403,
  ConcurrentModification: 409,
  DeleteConflict: 409,
  EntityAlreadyExists: 409,
  ExpiredToken: 403,
  ExpiredTokenException: 400,
  IDPCommunicationError: 400,
  IDPRejectedClaim: 403,
  IncompleteSignature: 400,
  InvalidAction: 400,
  InvalidClientTokenId: 403,
  InvalidIdentityToken: 400,
  InvalidInput: 400,
  InvalidParameterValue: 400,
  LimitExceeded: 409,
  MalformedPolicyDocument: 400,
  MalformedQueryString: 400,
  MissingAction: 400,
  MissingAuthenticationToken: 403,
  NoSuchEntity: 404,
  NotImplemented: 501,
  PackedPolicyTooLarge: 400,
  PasswordPolicyViolation: 400,
  ReportExpired: 410,
  ReportNotPresent: 410,
  RequestExpired: 400,
  ServiceFailure: 500,
  ServiceUnavailable: 503,
  SignatureDoesNotMatch: 403,
  Throttling: 400,
  UnmodifiableEntity: 400,
  ValidationError: 400,
} as const;

export type QueryErrorCode = keyof typeof queryErrors;

export class QueryError extends Error {
  override readonly name = 'QueryError';
  readonly code: QueryErrorCode;
  readonly status: number;

  constructor(code: QueryErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
    this.status = queryErrors[code];
  }
}

export const noSuchEntity = (message: string): QueryError => new QueryError('NoSuchEntity', message);

export function toQueryError(error: unknown, service: QueryService): QueryError {
  if (error instanceof QueryError) return error;
  if (error instanceof MalformedPolicyError) return new QueryError('MalformedPolicyDocument', sentence(error.message));
  if (error instanceof ProblemError) return new QueryError(codeOfProblem(error), error.message, { cause: error });
  if (error instanceof S3Error) return ofListener(error, service);
  return ofStore(error);
}

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

/** What management calls things, by the last word of its codes first and by its status otherwise. */
const problemCodes: Readonly<Record<string, QueryErrorCode>> = {
  'access-denied': 'AccessDenied',
  'managed-policy': 'AccessDenied',
  'policy-in-use': 'DeleteConflict',
  'weak-password': 'PasswordPolicyViolation',
};

function codeOfProblem({ code, status }: ProblemError): QueryErrorCode {
  const known = problemCodes[code];
  if (known !== undefined) return known;
  if (code.endsWith('limit-exceeded')) return 'LimitExceeded';
  if (code.endsWith('-taken')) return 'EntityAlreadyExists';
  if (code.endsWith('-in-use')) return 'DeleteConflict';
  if (/password/.test(code)) return 'PasswordPolicyViolation';
  if (status === 404) return 'NoSuchEntity';
  if (status === 403) return 'AccessDenied';
  return status === 409 ? 'InvalidInput' : 'ValidationError';
}

const ofSignature: Readonly<Record<string, readonly [QueryErrorCode, string]>> = {
  AuthorizationHeaderMalformed: ['IncompleteSignature', ''],
  AuthorizationQueryParametersError: ['IncompleteSignature', ''],
  ExpiredToken: ['ExpiredToken', 'The security token included in the request is expired'],
  InvalidAccessKeyId: ['InvalidClientTokenId', 'The security token included in the request is invalid.'],
  InvalidArgument: ['MalformedQueryString', ''],
  InvalidToken: ['InvalidClientTokenId', 'The security token included in the request is invalid'],
  InvalidURI: ['MalformedQueryString', 'The request is no form of percent-encoded parameters.'],
  MaxMessageLengthExceeded: ['ValidationError', 'The request is too long.'],
  RequestTimeTooSkewed: ['SignatureDoesNotMatch', ''],
  SignatureDoesNotMatch: [
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  ],
};

/** The listener speaks S3. */
function ofListener(error: S3Error, service: QueryService): QueryError {
  const [code, message = ''] = ofSignature[error.code] ?? [];
  if (code !== undefined) return new QueryError(code, message === '' ? skewed(error) : message, { cause: error });
  if (error.status >= 500) return ofStore(error);
  return service === 'sts' || error.status === 403
    ? new QueryError('AccessDenied', error.message, { cause: error })
    : new QueryError('ValidationError', error.message, { cause: error });
}

function skewed({ code, message, fields }: S3Error): string {
  if (code !== 'RequestTimeTooSkewed') return message;
  return `Signature not yet current or expired: ${fields['RequestTime']} is more than 15 minutes from the server's time, ${fields['ServerTime']}`;
}

function ofStore(error: unknown): QueryError {
  const cause = { cause: error };
  if (error instanceof TransactionConflictError) return new QueryError('ConcurrentModification', 'Try again.', cause);
  if (error instanceof StoreFullError) {
    return new QueryError('ServiceFailure', 'The server has no room for this request.', cause);
  }
  if (error instanceof StoreUnavailableError || error instanceof OutcomeUnknownError) {
    return new QueryError('ServiceUnavailable', 'The store cannot be reached. Try again.', cause);
  }
  return new QueryError('ServiceFailure', 'An internal error occurred. Try again.', cause);
}
