// The connection to the mail server. Its password is read here, so that it stands in no configuration object.
import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import type { Transporter } from 'nodemailer';
import type { MailConfig } from '../config/config.ts';
import { readFirstLine } from '../config/load.ts';
import type { ComposedMail } from './compose.ts';

/** Resolves when the server has taken the mail. */
export type SendMail = (to: string, mail: ComposedMail) => Promise<void>;

const TIMEOUT_MS = 20_000;

export function openTransport(config: MailConfig): SendMail {
  const { host, port, security, user, passwordFile, caFile, from } = config;
  const pass = passwordFile === null ? '' : readFirstLine(passwordFile, 'smtp-password-file');
  const ca = caFile === null ? undefined : [readFileSync(caFile, 'utf8'), ...rootCertificates];
  const options = {
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(user === null ? {} : { auth: { user, pass } }),
    ...(ca === undefined ? {} : { tls: { ca } }),
  };
  let transport: Transporter | null = null;
  return async (to, { subject, text, html }) => {
    // Loaded with the first mail: of all workers only the one that runs the jobs sends any.
    const { createTransport } = await import('nodemailer');
    transport ??= createTransport(options);
    await transport.sendMail({
      // as objects: an address is never taken for a list of them
      from: { name: 'vStorage', address: from },
      to: { name: '', address: to },
      envelope: { from, to: [to] },
      subject,
      text,
      html,
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
  };
}
