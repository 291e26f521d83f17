// JSON with positions, for documents people write by hand: every error can name its line and column, and a name
// given twice is refused (JSON.parse would silently drop the first, and with it, say, a condition).
// https://www.rfc-editor.org/rfc/rfc8259

export type JsonNode =
  | { readonly kind: 'object'; readonly at: number; readonly members: ReadonlyMap<string, JsonNode> }
  | { readonly kind: 'array'; readonly at: number; readonly items: readonly JsonNode[] }
  | { readonly kind: 'string'; readonly at: number; readonly value: string }
  /** `value` is the number as written */
  | { readonly kind: 'number'; readonly at: number; readonly value: string }
  | { readonly kind: 'boolean'; readonly at: number; readonly value: boolean }
  | { readonly kind: 'null'; readonly at: number };

export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** 1-based line and column of an offset in a text. */
export function positionOf(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at);
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
}

const MAX_DEPTH = 32;
const SPACE = /[ \t\r\n]*/y;
// oxlint-disable-next-line no-control-regex -- JSON forbids them inside strings
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;

type Cursor = { readonly text: string; at: number };

export function readJson(text: string): JsonNode {
  const cursor = { text, at: text.startsWith('\ufeff') ? 1 : 0 };
  const node = readValue(cursor, 0);
  skipSpace(cursor);
  if (cursor.at < text.length) throw unexpected(cursor, 'the end of the document');
  return node;
}

function unexpected(cursor: Cursor, expected: string): JsonSyntaxError {
  const found = cursor.text.codePointAt(cursor.at);
  const what = found === undefined ? 'the end of the text' : JSON.stringify(String.fromCodePoint(found));
  return new JsonSyntaxError(`expected ${expected}, found ${what}`, cursor.at);
}

function take(cursor: Cursor, pattern: RegExp): string | null {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text)?.[0] ?? null;
  if (found !== null) cursor.at += found.length;
  return found;
}

function skipSpace(cursor: Cursor): void {
  take(cursor, SPACE);
}

function takeCharacter(cursor: Cursor, character: string): boolean {
  skipSpace(cursor);
  if (cursor.text[cursor.at] !== character) return false;
  cursor.at += 1;
  return true;
}

function readString(cursor: Cursor, expected: string): string {
  skipSpace(cursor);
  const token = take(cursor, STRING);
  if (token === null) throw unexpected(cursor, expected);
  return String(JSON.parse(token));
}

function readValue(cursor: Cursor, depth: number): JsonNode {
  skipSpace(cursor);
  const at = cursor.at;
  if (depth > MAX_DEPTH) throw new JsonSyntaxError(`nested more than ${MAX_DEPTH} deep`, at);
  const first = cursor.text[at];
  if (first === '{') return readObject(cursor, depth);
  if (first === '[') return readArray(cursor, depth);
  if (first === '"') return { kind: 'string', at, value: readString(cursor, 'a string') };
  const number = take(cursor, NUMBER);
  if (number !== null) return { kind: 'number', at, value: number };
  const word = take(cursor, WORD);
  if (word === null) throw unexpected(cursor, 'a value');
  return word === 'null' ? { kind: 'null', at } : { kind: 'boolean', at, value: word === 'true' };
}

function readObject(cursor: Cursor, depth: number): JsonNode {
  const at = cursor.at++;
  const members = new Map<string, JsonNode>();
  if (takeCharacter(cursor, '}')) return { kind: 'object', at, members };
  do {
    skipSpace(cursor);
    const nameAt = cursor.at;
    const name = readString(cursor, 'a name in double quotes');
    if (members.has(name)) throw new JsonSyntaxError(`${JSON.stringify(name)} is given twice`, nameAt);
    if (!takeCharacter(cursor, ':')) throw unexpected(cursor, '":"');
    members.set(name, readValue(cursor, depth + 1));
  } while (takeCharacter(cursor, ','));
  if (!takeCharacter(cursor, '}')) throw unexpected(cursor, '"," or "}"');
  return { kind: 'object', at, members };
}

function readArray(cursor: Cursor, depth: number): JsonNode {
  const at = cursor.at++;
  const items: JsonNode[] = [];
  if (takeCharacter(cursor, ']')) return { kind: 'array', at, items };
  do items.push(readValue(cursor, depth + 1));
  while (takeCharacter(cursor, ','));
  if (!takeCharacter(cursor, ']')) throw unexpected(cursor, '"," or "]"');
  return { kind: 'array', at, items };
}
