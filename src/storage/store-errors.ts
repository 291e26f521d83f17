// What the two ports throw, in S3's words.
import {
  CounterLimitError,
  type MetadataStore,
  OutcomeUnknownError,
  StoreFullError,
  StoreUnavailableError,
  type Transaction,
  TransactionConflictError,
} from '../metadata/metadata-store.ts';
import { S3Error } from '../shared/errors.ts';

/** The S3Error for an error of a port; every other error as it is. */
export function asS3Error(error: unknown): unknown {
  if (error instanceof CounterLimitError) return new S3Error('QuotaExceeded', { cause: error });
  if (error instanceof StoreFullError) return new S3Error('StorageFull', { cause: error });
  if (error instanceof TransactionConflictError) {
    return new S3Error('SlowDown', {
      message: 'Too many requests change the same object at the same time. Try again.',
      cause: error,
    });
  }
  if (error instanceof OutcomeUnknownError || error instanceof StoreUnavailableError) {
    return new S3Error('ServiceUnavailable', { cause: error });
  }
  return error;
}

/** `store.transact` with S3's errors. */
export async function commit<T>(
  deps: { readonly store: MetadataStore },
  fn: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  try {
    return await deps.store.transact(fn);
  } catch (error) {
    throw asS3Error(error);
  }
}
