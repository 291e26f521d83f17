// What the reader of policies says, found in its source: every literal of several words. A Vietnamese reader needs a
// text for each, but for what it says to programs only.

type Literal = { readonly template: string; readonly end: number };

/** Of a template literal: `{1}`, `{2}` for what is put in. */
function literalAt(code: string, start: number): Literal {
  const quote = code[start] ?? '';
  let template = '';
  let places = 0;
  let at = start + 1;
  while (at < code.length && code[at] !== quote) {
    if (code[at] === '\\') {
      template += code[at + 1] ?? '';
      at += 2;
    } else if (quote === '`' && code.startsWith('${', at)) {
      template += `{${++places}}`;
      at = expressionEnd(code, at + 2);
    } else template += code[at++] ?? '';
  }
  return { template, end: at + 1 };
}

/** Behind the brace that closes `${`. */
function expressionEnd(code: string, start: number): number {
  let depth = 1;
  let at = start;
  while (at < code.length && depth > 0) {
    const character = code[at] ?? '';
    if ('\'"`'.includes(character)) at = literalAt(code, at).end;
    else {
      depth += character === '{' ? 1 : character === '}' ? -1 : 0;
      at += 1;
    }
  }
  return at;
}

const SKIPPED = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|\/(?![*/ ])(?:\\.|\[(?:\\.|[^\]\n])*\]|[^/\n\\])+\/[a-z]*/y;

/** Comments and regular expressions are no literals. */
function skipped(code: string, at: number): number {
  SKIPPED.lastIndex = at;
  return code[at] === '/' && SKIPPED.test(code) ? SKIPPED.lastIndex : at;
}

export function literalsIn(code: string): string[] {
  const found: string[] = [];
  let at = 0;
  while (at < code.length) {
    const behind = skipped(code, at);
    if (behind > at) at = behind;
    else if ('\'"`'.includes(code[at] ?? '')) {
      const { template, end } = literalAt(code, at);
      found.push(template);
      at = end;
    } else at += 1;
  }
  return found;
}

/** Something is said besides what is put in and names such as `s3:GetObject`. */
const isProse = (text: string): boolean => text.includes(' ') && /[a-z]{2}/.test(text.replaceAll(/\{\d\}|\S+:\S+|\b[A-Z]\w+/g, ''));
const isList = (text: string): boolean => /^\S+(\s+[^\s.;"]+){20,}$/.test(text);

/** In the words of S3, in its answers to programs; and names of documents. */
const forPrograms =
  /^(Could not parse the policy|Policies must be valid JSON|Policy (has|exceeds)|This policy contains|Missing required|Unknown field|Invalid (policy|effect|Condition|principal)|The policy must contain|Allow with NotPrincipal|Action does not apply|bucket policy$|imported policy$)/;

export const proseIn = (code: string): string[] =>
  literalsIn(code).filter((text) => isProse(text) && !forPrograms.test(text) && !isList(text));

/** What is said of policies elsewhere. */
const elsewhere = ['invalid principal in policy: nobody is {1}'];

export function checkProse(code: string, sentences: Readonly<Record<string, string>>): string[] {
  const said = new Set([...proseIn(code), ...elsewhere]);
  const known = new Set(Object.keys(sentences));
  return [
    ...[...said.difference(known)].map((text) => `parser-vi.json lacks: ${text}`),
    ...[...known.difference(said)].map((text) => `parser-vi.json has what no parser says: ${text}`),
    ...Object.entries(sentences).flatMap(([text, other]) =>
      places(text) === places(other) ? [] : [`parser-vi.json puts in something else: ${text}`],
    ),
  ];
}

const places = (text: string): string => (text.match(/\{\d\}/g) ?? []).toSorted().join();
