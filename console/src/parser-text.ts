// What the parser of policies says, in the reader's language. The parser speaks English, to programs too; its sentences
// are templates here, `{1}`, `{2}` for what it puts in. Parts of a sentence that are sentences themselves follow suit.

/** Template by template, English to the reader's language. */
export type Sentences = Readonly<Record<string, string>>;

/** The way to a part of the document: `Statement[0].Action: ` */
const PATH = /^([A-Za-z]+(?:\[\d+\]|\.[A-Za-z0-9:/-]+)*): (.+)$/s;
const PLACE = /\{\d\}/;

const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
const literalLength = (template: string): number => template.replaceAll(/\{\d\}/g, '').length;

function fillersOf(text: string, template: string): readonly string[] | null {
  const pattern = template.split(PLACE).map(literal).join('(.*?)');
  const found = new RegExp(`^${pattern}$`, 's').exec(text);
  return found === null ? null : found.slice(1);
}

/** A sentence that is not known stays as it is. */
export function sayParsed(text: string, sentences: Sentences): string {
  // what says most by itself is meant: `"x" is not base64` before `{1} is not {2}`
  const templates = Object.keys(sentences).toSorted((a, b) => literalLength(b) - literalLength(a));
  for (const template of templates) {
    const fillers = fillersOf(text, template);
    if (fillers === null) continue;
    const said = fillers.map((filler) => sayParsed(filler, sentences));
    return (sentences[template] ?? template).replaceAll(
      /\{(\d)\}/g,
      (_, place: string) => said[Number(place) - 1] ?? '',
    );
  }
  const [, path, rest] = PATH.exec(text) ?? [];
  return path === undefined || rest === undefined ? text : `${path}: ${sayParsed(rest, sentences)}`;
}
