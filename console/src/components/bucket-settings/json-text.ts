import type { DocumentProblem } from '../../policy-problem.ts';

export type Parsed = { document: object; problem: null } | { document: null; problem: DocumentProblem };

/** Where a text stops being JSON, as far as the browser says. */
export function parseJson(text: string): Parsed {
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document === 'object' && document !== null) return { document, problem: null };
    return { document: null, problem: { message: 'not a JSON object', line: 1, column: 1 } };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const { line, column } = placeOf(text, message);
    return { document: null, problem: { message, line, column } };
  }
}

function placeOf(text: string, message: string): { line: number | null; column: number } {
  const [, line, column] = /line (\d+) column (\d+)/.exec(message) ?? [];
  if (line !== undefined) return { line: Number(line), column: Number(column) };
  const position = /position (\d+)/.exec(message)?.[1];
  const before = text.slice(0, position === undefined ? text.length : Number(position)).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

export const toText = (document: object): string => JSON.stringify(document, null, 2);
