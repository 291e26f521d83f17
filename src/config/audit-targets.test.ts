import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from './load.ts';
import { ConfigError } from './sources.ts';

const load = (targets: readonly string[], secrets: readonly string[] = []) =>
  loadConfig({
    flags: { 'audit-target': [...targets], 'audit-secret-file': [...secrets] },
    environment: new Map(),
    cwd: '/srv',
  }).auditTargets;

test('targets of the audit trail are webhooks with a secret, or syslog receivers with a port of their kind', () => {
  const targets = load(
    [
      'web=https://siem.example/audit',
      'tls=syslog+tls://logs.example',
      'tcp=syslog+tcp://[::1]:1601',
      'udp=syslog+udp://10.0.0.1',
    ],
    ['web=secret.txt'],
  );
  assert.deepEqual(targets, [
    { name: 'web', kind: 'webhook', url: 'https://siem.example/audit', secretFile: '/srv/secret.txt' },
    { name: 'tls', kind: 'syslog', protocol: 'tls', host: 'logs.example', port: 6514 },
    { name: 'tcp', kind: 'syslog', protocol: 'tcp', host: '::1', port: 1601 },
    { name: 'udp', kind: 'syslog', protocol: 'udp', host: '10.0.0.1', port: 514 },
  ]);
});

const refused: Readonly<Record<string, readonly [targets: string[], secrets: string[], message: RegExp]>> = {
  'a webhook without a secret': [['a=https://x.example'], [], /needs --audit-secret-file a=FILE/],
  'a webhook over plain HTTP to elsewhere': [['a=http://x.example'], ['a=f'], /must be https/],
  'a secret for syslog': [['a=syslog+tls://x.example'], ['a=f'], /signs nothing/],
  'a secret for nothing': [[], ['a=f'], /there is no --audit-target a/],
  'a name that is given twice': [['a=syslog+udp://x', 'a=syslog+udp://y'], [], /given twice/],
  'a password in the URL': [['a=https://u:p@x.example'], ['a=f'], /no user and password/],
  'another protocol': [['a=ftp://x.example'], [], /must be https/],
  'no URL': [['a=nonsense'], [], /must be a URL/],
};

for (const [name, [targets, secrets, message]] of Object.entries(refused)) {
  test(`refuses ${name}`, () => {
    assert.throws(
      () => load(targets, secrets),
      (error) => error instanceof ConfigError && message.test(error.message),
    );
  });
}
