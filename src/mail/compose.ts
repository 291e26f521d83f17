// A mail as plain text and as simple HTML that says the same. Nothing is loaded from anywhere, nothing is tracked.
import type { Language, MailSubject } from '../metadata/tables/sign-in.ts';
import { type MailText, mailTexts } from './texts.ts';

export type MailFacts = {
  /** fill in {name}, {rootEmail}, {hours}, {used}, {quota}, {percent} */
  readonly values: Readonly<Record<string, string>>;
  /** null: the mail has no link */
  readonly link: string | null;
};

export type ComposedMail = { readonly subject: string; readonly text: string; readonly html: string };

export function composeMail(kind: MailSubject['kind'], language: Language, facts: MailFacts): ComposedMail {
  const said = mailTexts[language][kind];
  const filled = fill(said, facts.values);
  return { subject: filled.subject, text: plain(filled, facts.link), html: rich(filled, facts.link, language) };
}

function fill(said: MailText, values: MailFacts['values']): MailText {
  const replace = (text: string): string => text.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
  return { ...said, subject: replace(said.subject), body: said.body.map(replace), footer: replace(said.footer) };
}

function plain({ body, button, footer }: MailText, link: string | null): string {
  const parts = [
    ...body,
    ...(link === null || button === null ? [] : [`${button}:\n${link}`]),
    footer,
    '-- \nvStorage',
  ];
  return `${parts.join('\n\n')}\n`;
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (char) => escapes[char] ?? '');

const FONT = 'font-family:system-ui,-apple-system,Segoe UI,Roboto,sans-serif;font-size:15px;line-height:1.55';
const BUTTON =
  'display:inline-block;padding:10px 18px;border-radius:8px;background:#0b7d68;color:#ffffff;text-decoration:none;font-weight:600';

function rich({ subject, body, button, footer }: MailText, link: string | null, language: Language): string {
  const paragraphs = body.map((text) => `<p style="margin:0 0 16px">${escape(text)}</p>`).join('\n');
  const action =
    link === null || button === null
      ? ''
      : `<p style="margin:24px 0"><a href="${escape(link)}" style="${BUTTON}">${escape(button)}</a></p>
<p style="margin:0 0 16px;color:#56655f;font-size:13px;word-break:break-all">${escape(link)}</p>`;
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><title>${escape(subject)}</title></head>
<body style="margin:0;padding:24px;background:#f6f8f7;color:#13211c;${FONT}">
<div style="max-width:520px;margin:0 auto;padding:28px;background:#ffffff;border:1px solid #e2e8e5;border-radius:12px">
<p style="margin:0 0 20px;font-weight:700;color:#0b7d68">vStorage</p>
${paragraphs}
${action}
<p style="margin:24px 0 0;color:#56655f;font-size:13px">${escape(footer)}</p>
</div>
</body>
</html>
`;
}
