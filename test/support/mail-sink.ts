// A real SMTP server that keeps what it is sent.
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export type ReceivedMail = {
  readonly from: string;
  readonly to: readonly string[];
  /** as it came, headers and all */
  readonly raw: string;
  /** the plain-text part, decoded */
  readonly text: string;
  readonly html: string;
  readonly subject: string;
  readonly secure: boolean;
  readonly user: string | null;
};

export type MailSink = AsyncDisposable & {
  readonly port: number;
  readonly mails: readonly ReceivedMail[];
  /** the mails to one address, once there are `count` */
  readonly mailsTo: (address: string, count?: number) => Promise<readonly ReceivedMail[]>;
  /** refuses everything with 451 from now on */
  readonly refuse: (refusing: boolean) => void;
};

const WAIT_MS = 20_000;

type Options = { readonly auth?: { user: string; password: string }; readonly tls?: { cert: string; key: string } };

export async function openMailSink({ auth, tls }: Options = {}): Promise<MailSink> {
  const mails: ReceivedMail[] = [];
  let refusing = false;
  const options: SMTPServerOptions = {
    authOptional: auth === undefined,
    disabledCommands: [...(tls === undefined ? ['STARTTLS'] : []), ...(auth === undefined ? ['AUTH'] : [])],
    ...(tls === undefined ? {} : { cert: readFileSync(tls.cert), key: readFileSync(tls.key) }),
    onAuth: ({ username, password }, _session, done) => {
      if (username === auth?.user && password === auth?.password) done(null, { user: username });
      else done(new Error('wrong user or password'));
    },
    onMailFrom: (_address, _session, done) => {
      if (!refusing) return done();
      done(Object.assign(new Error('try again later'), { responseCode: 451 }));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString('utf8');
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom === false ? '' : mailFrom.address;
        const parts = { text: part(raw, 'text/plain'), html: part(raw, 'text/html'), subject: subjectOf(raw) };
        const user = typeof session.user === 'string' ? session.user : null;
        mails.push({ from, to: rcptTo.map(({ address }) => address), raw, ...parts, secure: session.secure, user });
        done();
      });
    },
  };
  const server = new SMTPServer(options);
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    mails,
    mailsTo: async (address, count = 1) => {
      const deadline = performance.now() + WAIT_MS;
      for (;;) {
        const found = mails.filter(({ to }) => to.includes(address));
        if (found.length >= count) return found;
        if (performance.now() > deadline) throw new Error(`${found.length} of ${count} mails to ${address} came`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    refuse: (wanted) => {
      refusing = wanted;
    },
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function part(raw: string, type: string): string {
  const section =
    raw.split(/\r?\n--[^\r\n]+/).find((text) => new RegExp(`^content-type: ${type}`, 'im').test(text)) ?? '';
  const [head = '', ...rest] = section.split(/\r?\n\r?\n/);
  const body = rest.join('\n\n');
  if (/^content-transfer-encoding: base64/im.test(head)) return Buffer.from(body, 'base64').toString('utf8');
  if (/^content-transfer-encoding: quoted-printable/im.test(head)) return unquote(body);
  return body;
}

function unquote(text: string): string {
  const bytes = text
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

function subjectOf(raw: string): string {
  const line = /^Subject: (.*(?:\r?\n[ \t].*)*)/im.exec(raw)?.[1] ?? '';
  // white space between encoded words is none (RFC 2047, section 6.2)
  const joined = line.replaceAll(/\?=\s+=\?/g, '?==?').replaceAll(/\r?\n[ \t]/g, ' ');
  return joined.replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
    kind.toLowerCase() === 'b' ? Buffer.from(text, 'base64').toString('utf8') : unquote(text.replaceAll('_', ' ')),
  );
}

/** The token of the link in a mail. */
export function linkIn({ text }: ReceivedMail): string {
  const [, url] = /(https:\/\/\S+)/.exec(text) ?? [];
  if (url === undefined) throw new Error(`no link in ${text}`);
  return url;
}
