// Patterns of the policy language, compiled once: `*` is any run of characters and `?` exactly one, both across `/`;
// `${aws:username}` is the value of a condition key, taken literally. A variable without a value matches nothing.
// Never a regular expression: a pattern cannot make the matcher back-track without end.
import type { ConditionContext } from './policy.ts';

export type PatternOptions = {
  readonly wildcards: boolean;
  readonly variables: boolean;
  /** the pattern is lower-cased; the caller passes lower-case text */
  readonly foldCase: boolean;
};

export type Matcher = (text: string, context: ConditionContext) => boolean;

const ANY = Symbol('*');
const ONE = Symbol('?');
type Glob = string | typeof ANY | typeof ONE;
type Variable = { readonly key: string; readonly fallback: string | null };
type Token = Glob | Variable;

const VARIABLE = /\$\{([^}]*)\}/g;
const VARIABLE_BODY = /^\s*([A-Za-z0-9_-]+:[^,'\s]+)\s*(?:,\s*'([^']*)'\s*)?$/;

/** Why the variables of a pattern cannot be used, or null. */
export function variableFault(pattern: string): string | null {
  const rest = pattern.replace(VARIABLE, (whole, body: string) =>
    /^[*?$]$/.test(body) || VARIABLE_BODY.test(body) ? '' : whole,
  );
  if (!rest.includes('${')) return null;
  return "a variable is written ${aws:username} or ${aws:username, 'default'}; for the text ${ itself write ${$}{";
}

function globTokens(text: string, wildcards: boolean): Token[] {
  if (!wildcards) return text === '' ? [] : [text];
  return text
    .split(/([*?])/)
    .filter((part) => part !== '')
    .map((part) => (part === '*' ? ANY : part === '?' ? ONE : part));
}

function variableToken(body: string): Token {
  if (/^[*?$]$/.test(body)) return body;
  const [, key = '', fallback] = VARIABLE_BODY.exec(body) ?? [];
  return { key: key.toLowerCase(), fallback: fallback ?? null };
}

function tokenize(pattern: string, options: PatternOptions): Token[] {
  if (!options.variables) return globTokens(pattern, options.wildcards);
  return pattern
    .split(VARIABLE)
    .flatMap((part, index) => (index % 2 === 0 ? globTokens(part, options.wildcards) : [variableToken(part)]));
}

/** Adjacent literals joined, so that the matcher sees few tokens. */
function joined(tokens: readonly Glob[]): Glob[] {
  const out: Glob[] = [];
  for (const token of tokens) {
    const last = out.at(-1);
    if (typeof token === 'string' && typeof last === 'string') out[out.length - 1] = last + token;
    else if (token !== ANY || last !== ANY) out.push(token);
  }
  return out;
}

const characterLength = (text: string, at: number): number => ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);

function matchGlob(tokens: readonly Glob[], text: string): boolean {
  let token = 0;
  let at = 0;
  let starToken = -1;
  let starAt = 0;
  for (;;) {
    const current = tokens[token];
    if (current === undefined && at === text.length) return true;
    if (current === ANY) {
      starToken = token++;
      starAt = at;
    } else if (current === ONE && at < text.length) {
      at += characterLength(text, at);
      token++;
    } else if (typeof current === 'string' && text.startsWith(current, at)) {
      at += current.length;
      token++;
    } else {
      if (starToken < 0 || starAt >= text.length) return false;
      starAt = nextStart(tokens[starToken + 1], text, starAt + 1);
      if (starAt < 0) return false;
      at = starAt;
      token = starToken + 1;
    }
  }
}

/** Where what follows a `*` can begin next. */
function nextStart(after: Glob | undefined, text: string, from: number): number {
  return typeof after === 'string' ? text.indexOf(after, from) : from;
}

function compileGlob(tokens: readonly Glob[]): (text: string) => boolean {
  const [first, second] = tokens;
  if (tokens.length === 0) return (text) => text === '';
  if (tokens.length === 1 && first === ANY) return () => true;
  if (tokens.length === 1 && typeof first === 'string') return (text) => text === first;
  if (tokens.length === 2 && typeof first === 'string' && second === ANY) return (text) => text.startsWith(first);
  return (text) => matchGlob(tokens, text);
}

const isVariable = (token: Token): token is Variable => typeof token === 'object';

function expand(tokens: readonly Token[], context: ConditionContext, foldCase: boolean): Glob[] | null {
  const out: Glob[] = [];
  for (const token of tokens) {
    if (!isVariable(token)) {
      out.push(token);
      continue;
    }
    const found = context.get(token.key) ?? token.fallback;
    if (typeof found !== 'string') return null;
    out.push(foldCase ? found.toLowerCase() : found);
  }
  return joined(out);
}

/** What every text that the pattern matches begins with. */
export function literalPrefix(pattern: string, variables: boolean): string {
  const end = pattern.search(variables ? /[*?]|\$\{/ : /[*?]/);
  return end < 0 ? pattern : pattern.slice(0, end);
}

/** Keys of the variables that have no default: without a value for each the pattern cannot be known. */
export function variablesOf(pattern: string): string[] {
  return tokenize(pattern, { wildcards: false, variables: true, foldCase: false })
    .filter(isVariable)
    .flatMap((variable) => (variable.fallback === null ? [variable.key] : []));
}

export const resolvable = (keys: readonly string[], context: ConditionContext): boolean =>
  keys.every((key) => typeof context.get(key) === 'string');

export function compilePattern(pattern: string, options: PatternOptions): Matcher {
  const tokens = tokenize(pattern, options).map((token) =>
    typeof token === 'string' && options.foldCase ? token.toLowerCase() : token,
  );
  const fixed = tokens.filter((token): token is Glob => !isVariable(token));
  if (fixed.length === tokens.length) return compileGlob(joined(fixed));
  return (text, context) => {
    const glob = expand(tokens, context, options.foldCase);
    return glob !== null && matchGlob(glob, text);
  };
}
