// How mail reaches a real SMTP server: encrypted, signed in, or not at all.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import type { MailConfig } from '../../src/config/config.ts';
import { composeMail } from '../../src/mail/compose.ts';
import { openTransport } from '../../src/mail/transport.ts';
import { openMailSink } from '../support/mail-sink.ts';

let folder: string;
let cert: string;
let key: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mail-transport-'));
  cert = join(folder, 'cert.pem');
  key = join(folder, 'key.pem');
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert],
  ]);
  await writeFile(join(folder, 'password'), 'hunter2-hunter2\n');
  await writeFile(join(folder, 'wrong'), 'not-it\n');
});
after(() => rm(folder, { recursive: true }));

const mail = composeMail('password-changed', 'en', { values: { name: '<b>Ana</b> & co' }, link: null });

const config = (port: number, more: Partial<MailConfig> = {}): MailConfig => ({
  host: 'localhost',
  port,
  security: 'starttls',
  user: 'mailer',
  from: 'vstorage@example.com',
  passwordFile: join(folder, 'password'),
  caFile: cert,
  ...more,
});

test('with STARTTLS the password and the mail go over TLS, to a server whose certificate is trusted', async () => {
  await using sink = await openMailSink({ auth: { user: 'mailer', password: 'hunter2-hunter2' }, tls: { cert, key } });
  await openTransport(config(sink.port))('ana@example.com', mail);
  const [received] = await sink.mailsTo('ana@example.com');
  assert.deepEqual([received?.secure, received?.user, received?.from], [true, 'mailer', 'vstorage@example.com']);
  assert.match(received?.text ?? '', /The password of <b>Ana<\/b> & co was set anew/);
  assert.match(received?.html ?? '', /The password of &lt;b&gt;Ana&lt;\/b&gt; &amp; co was set anew/);
  assert.match(received?.raw ?? '', /^Auto-Submitted: auto-generated\r?$/m);
});

test('a server without STARTTLS, with a strange certificate or another password gets no mail', async () => {
  await using plain = await openMailSink();
  await using sink = await openMailSink({ auth: { user: 'mailer', password: 'hunter2-hunter2' }, tls: { cert, key } });
  const send = (port: number, more: Partial<MailConfig>) => openTransport(config(port, more))('ana@example.com', mail);
  await assert.rejects(send(plain.port, { user: null }), /STARTTLS|TLS/i);
  await assert.rejects(send(sink.port, { caFile: null }), /certificate/i);
  await assert.rejects(send(sink.port, { passwordFile: join(folder, 'wrong') }), (error: Error) => {
    assert.ok(!error.message.includes('not-it'));
    return /Invalid login|wrong user/i.test(error.message);
  });
  assert.deepEqual([...plain.mails, ...sink.mails], []);
});
