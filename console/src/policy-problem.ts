import { ApiError } from './api/request.ts';

export type DocumentProblem = { text: string; line: number | null };

/** The server's complaint about the JSON of a policy, with the place when it names one. */
export function documentProblem(error: unknown): DocumentProblem | null {
  if (!(error instanceof ApiError)) return null;
  const found = error.problem.errors?.find(
    (input) => input.field === 'document' || input.field.startsWith('document.'),
  );
  if (found === undefined) return null;
  const place = found.line === undefined ? '' : ` (${found.line}:${found.column ?? 1})`;
  return { text: `${found.message}${place}`, line: found.line ?? null };
}
