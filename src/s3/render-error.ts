// Everything that can go wrong, as S3 says it. What is not an S3Error is translated here, once; what cannot be is an
// InternalError whose cause stands in the log only.
import { S3Error } from '../shared/errors.ts';
import {
  OutcomeUnknownError,
  StoreFullError,
  StoreUnavailableError,
  TransactionConflictError,
} from '../metadata/metadata-store.ts';
import { element, errorDocument } from './xml/write.ts';

export type ErrorFacts = {
  readonly requestId: string;
  /** null: not known any more */
  readonly hostId: string | null;
  readonly resource: string;
};

export function toS3Error(error: unknown): S3Error {
  if (error instanceof S3Error) return error;
  const cause = { cause: error };
  if (error instanceof StoreFullError) return new S3Error('StorageFull', cause);
  if (error instanceof TransactionConflictError) return new S3Error('SlowDown', cause);
  if (error instanceof StoreUnavailableError) return new S3Error('ServiceUnavailable', cause);
  if (error instanceof OutcomeUnknownError) return new S3Error('ServiceUnavailable', cause);
  return new S3Error('InternalError', cause);
}

export function errorXml(error: S3Error, facts: ErrorFacts): string {
  const fields = Object.entries(error.fields).map(([name, value]) => element(name, value));
  return errorDocument(
    element('Code', error.code),
    element('Message', error.message),
    ...fields,
    element('Resource', facts.resource),
    element('RequestId', facts.requestId),
    element('HostId', facts.hostId),
  );
}
