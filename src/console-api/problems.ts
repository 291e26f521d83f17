// Every error of the API as application/problem+json (RFC 9457). What is not known here is a 500: logged once with its
// cause and the request id, and the client learns the id only.
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import {
  OutcomeUnknownError,
  StoreFullError,
  StoreUnavailableError,
  TransactionConflictError,
} from '../metadata/metadata-store.ts';
import { MalformedPolicyError } from '../policy/malformed-policy.ts';
import { ProblemError, S3Error } from '../shared/errors.ts';
import { isLockRefusal } from '../storage/object-lock.ts';
import type { Problem } from './contract.ts';

type FieldError = NonNullable<Problem['errors']>[number];
type Described = {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  readonly retryAfterSeconds?: number;
  /** members of its own */
  readonly members?: Readonly<Record<string, unknown>>;
};

/** `project-name-taken` → `Project name taken`: a title belongs to its code. */
function titleOf(code: string): string {
  const words = code.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `NoSuchBucket` → `no-such-bucket` */
export const kebab = (code: string): string => code.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();

export const problemCode = (error: S3Error): string => (isLockRefusal(error) ? 'object-locked' : kebab(error.code));

const internalError: Described = {
  status: 500,
  code: 'internal-error',
  detail: 'The server could not do this because of an error of its own. Its log has the request id.',
};

/** What to say about an error, or undefined for one that nobody foresaw. */
function describe(error: unknown): Described | undefined {
  if (error instanceof ProblemError) return describeProblem(error);
  if (error instanceof S3Error) return { status: error.status, code: problemCode(error), detail: error.message };
  if (error instanceof MalformedPolicyError) return describeMalformedPolicy(error);
  return describeStoreError(error) ?? describeRequestError(error);
}

function describeProblem(error: ProblemError): Described {
  const { status, code, message, field, position, retryAfterSeconds, members } = error;
  const at = position === null ? {} : { line: position.line, column: position.column };
  return {
    status,
    code,
    detail: message,
    ...(field === null ? {} : { errors: [{ field, message, ...at }] }),
    ...(retryAfterSeconds === null ? {} : { retryAfterSeconds }),
    members,
  };
}

function describeMalformedPolicy({ message, line, column, path }: MalformedPolicyError): Described {
  const where = `line ${line}, column ${column}${path === '' ? '' : ` (${path})`}`;
  const detail = `The policy is not valid at ${where}: ${message}.`;
  return { status: 400, code: 'malformed-policy', detail, errors: [{ field: 'document', message, line, column }] };
}

function describeStoreError(error: unknown): Described | undefined {
  if (error instanceof StoreFullError) {
    return {
      status: 507,
      code: 'storage-full',
      detail: 'The server has no room to store this. Free some space first.',
    };
  }
  if (error instanceof TransactionConflictError) {
    return { status: 503, code: 'busy', detail: 'Too many changes at once. Nothing was changed; try again.' };
  }
  if (error instanceof StoreUnavailableError) {
    return { status: 503, code: 'store-unavailable', detail: 'The metadata store cannot be reached. Try again.' };
  }
  if (error instanceof OutcomeUnknownError) {
    const detail = 'The connection to the metadata store was lost: look whether the change was made, then try again.';
    return { status: 503, code: 'outcome-unknown', detail };
  }
  return undefined;
}

const FASTIFY_CODES: Readonly<Record<string, readonly [code: string, detail: string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['body-too-large', 'The request body is larger than 64 KiB.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported-media-type', 'Send JSON with Content-Type: application/json.'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['invalid-json', 'The request body is not valid JSON.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['invalid-json', 'The request body is empty. Send JSON.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['bad-request', 'The body does not have the announced Content-Length.'],
};

function describeRequestError(error: unknown): Described | undefined {
  if (hasZodFastifySchemaValidationErrors(error)) return describeInvalid(error);
  const { code = '', statusCode = 500 } = error instanceof Error ? (error as Partial<FastifyError>) : {};
  const known = FASTIFY_CODES[code];
  if (known !== undefined) return { status: statusCode, code: known[0], detail: known[1] };
  if (error instanceof SyntaxError && statusCode === 400) {
    return { status: 400, code: 'invalid-json', detail: 'The request body is not valid JSON.' };
  }
  if (statusCode < 500 && (code.startsWith('FST_') || isForClients(error))) {
    return { status: statusCode, code: 'bad-request', detail: 'The request cannot be understood.' };
  }
  return undefined;
}

/** Refusals of the file server: a range beyond the end, a condition that does not hold. */
const isForClients = (error: unknown): boolean => error instanceof Error && 'expose' in error && error.expose === true;

type Validation = { readonly instancePath: string; readonly message?: string };

function describeInvalid(error: { validation: readonly Validation[] }): Described {
  const errors = error.validation.map(({ instancePath, message = 'is not valid' }) => ({
    field: instancePath.replace(/^\//, '').replaceAll('/', '.'),
    message,
  }));
  const detail = errors.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`)).join('; ');
  return { status: 400, code: 'invalid-request', detail, errors };
}

export function toProblem(described: Described, requestId: string): Problem {
  const { status, code, detail, errors, retryAfterSeconds, members } = described;
  return {
    ...members,
    type: `urn:vstorage:problem:${code}`,
    title: titleOf(code),
    status,
    code,
    detail,
    requestId,
    ...(errors === undefined ? {} : { errors: [...errors] }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}

/** Fastify's error handler of the whole console listener. */
export function renderError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const described = describe(error);
  if (described === undefined || described.status === 500)
    request.log.error({ err: error, route: request.routeOptions.url }, 'internal error');
  const problem = toProblem(described ?? internalError, request.id);
  if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', problem.retryAfterSeconds);
  // The connection cannot be used further when its body was not read.
  if (problem.status === 413) reply.header('connection', 'close');
  reply
    .code(problem.status)
    .type('application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .serializer((body: unknown) => JSON.stringify(body))
    .send(problem);
}
