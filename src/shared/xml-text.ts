// Text inside XML. Control characters stand as references, as S3 sends them: a key may hold any of them, and CR would be
// lost as LF.
const SPECIAL = /[&<>"\u0000-\u0008\u000b-\u001f\u007f]/;
const EACH_SPECIAL = new RegExp(SPECIAL, 'g');
const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export function escapeText(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return text.replace(EACH_SPECIAL, (char) => NAMED[char] ?? `&#x${char.charCodeAt(0).toString(16)};`);
}
