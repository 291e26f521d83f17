// SQLSTATEs and broken connections as errors of the port.
import pg from 'pg';
import {
  OutcomeUnknownError,
  StoreFullError,
  StoreUnavailableError,
  TransactionConflictError,
} from './metadata-store.ts';

const DISK_FULL = '53100';
/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const retryable = new Set(['40001', '40P01', '40003']);
/** shutting down, starting, read-only after a failover, out of connections or memory, cancelled for its time */
const passing = new Set(['57P01', '57P02', '57P03', '57P05', '25006', '57014', '55000']);

function sqlStateOf(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}

/** The server said no and goes on with the session: whatever was asked did not happen. */
export function isRefusal(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && error.severity === 'ERROR';
}

/** Lost against another transaction: the same statement may succeed when it is sent again. */
export function isSerializationFailure(error: unknown): boolean {
  return retryable.has(sqlStateOf(error) ?? '');
}

/** This server takes no writes any more: another one does. */
export function isReadOnly(error: unknown): boolean {
  return sqlStateOf(error) === '25006';
}

/** What nothing was written by. A refusal that no operator can mend (a bug) passes unchanged. */
export function translatePostgresError(error: unknown, doing: string): unknown {
  if (error instanceof StoreUnavailableError || error instanceof StoreFullError) return error;
  const code = sqlStateOf(error);
  if (code === DISK_FULL) return new StoreFullError(`PostgreSQL has no room: ${doing} failed`, { cause: error });
  const isPassing = code === undefined || passing.has(code) || code.startsWith('53') || code.startsWith('08');
  if (isSerializationFailure(error))
    return new TransactionConflictError('PostgreSQL cannot serialize', { cause: error });
  if (isRefusal(error) && !isPassing) return error;
  return new StoreUnavailableError(`PostgreSQL cannot be used: ${doing}: ${reasonOf(error)}`, { cause: error });
}

/** A commit that was sent. Unless the server refused it, it may have happened. */
export function translateCommitError(error: unknown): unknown {
  if (isRefusal(error)) return translatePostgresError(error, 'a commit');
  const message = `the connection to PostgreSQL was lost during a commit (${reasonOf(error)})`;
  return new OutcomeUnknownError(message, { cause: error });
}

/** Never holds the password: neither the library nor the server puts it into a message. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
