import { ApiError } from './api/request.ts';

export type DocumentProblem = { message: string; line: number | null; column: number };

/** The server's complaint about the JSON of a policy, with the place when it names one. */
export function documentProblem(error: unknown): DocumentProblem | null {
  if (!(error instanceof ApiError)) return null;
  const found = error.problem.errors?.find(
    (input) => input.field === 'document' || input.field.startsWith('document.'),
  );
  if (found === undefined) return null;
  return { message: found.message, line: found.line ?? null, column: found.column ?? 1 };
}
