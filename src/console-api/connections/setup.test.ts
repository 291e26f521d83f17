import assert from 'node:assert/strict';
import { test } from 'node:test';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { allClientSetups } from './all.ts';
import { awsConfig } from './aws-cli.ts';
import { cyberduckProfile } from './cyberduck.ts';
import { mcAlias } from './mc.ts';
import { rcloneConfig } from './rclone.ts';
import { resticEnvironment } from './restic.ts';
import { s3BrowserFields } from './s3-browser.ts';
import { s3cmdConfig } from './s3cmd.ts';
import { authority, type ConnectionFacts, port, quote } from './setup.ts';

const ca = { url: 'https://localhost:9001/api/v1/ca.pem', sha256Fingerprint: 'AA:BB', path: null };
const facts: ConnectionFacts = {
  endpoint: 'https://localhost:9000',
  region: 'HAN02',
  accessKey: '00112233445566778899aabbccddeeff',
  secretKey: 'YOUR_SECRET_KEY',
  ca,
};
const knownCa: ConnectionFacts = { ...facts, ca: { ...ca, path: '/home/me/vstorage-ca.pem' } };
const publicCertificate: ConnectionFacts = { ...facts, endpoint: 'https://s3.example.com', ca: null };

test('s3cmd gets host, region and path-style addressing, and the CA only as an absolute path', () => {
  const config = s3cmdConfig(facts);
  assert.match(config, /^\[default\]\naccess_key = 00112233445566778899aabbccddeeff\nsecret_key = YOUR_SECRET_KEY\n/);
  assert.match(
    config,
    /\nhost_base = localhost:9000\nhost_bucket = localhost:9000\nbucket_location = HAN02\nuse_https = True\nsignurl_use_https = True\n/,
  );
  assert.doesNotMatch(config, /ca_certs_file/);
  assert.match(s3cmdConfig(knownCa), /\nca_certs_file = \/home\/me\/vstorage-ca\.pem\n$/);
});

test('rclone gets one remote named after the region', () => {
  assert.equal(
    rcloneConfig(facts),
    `[vstorage-han02]
type = s3
provider = Other
env_auth = false
access_key_id = 00112233445566778899aabbccddeeff
secret_access_key = YOUR_SECRET_KEY
region = HAN02
location_constraint = HAN02
endpoint = https://localhost:9000
force_path_style = true
`,
  );
});

test('the AWS CLI gets one profile with keys, endpoint and path-style addressing', () => {
  assert.equal(
    awsConfig(knownCa),
    `[profile vstorage-han02]
aws_access_key_id = 00112233445566778899aabbccddeeff
aws_secret_access_key = YOUR_SECRET_KEY
region = HAN02
endpoint_url = https://localhost:9000
ca_bundle = /home/me/vstorage-ca.pem
s3 =
    addressing_style = path
`,
  );
});

test('the MinIO Client gets an alias to import', () => {
  assert.deepEqual(JSON.parse(mcAlias(facts)), {
    url: 'https://localhost:9000',
    accessKey: '00112233445566778899aabbccddeeff',
    secretKey: 'YOUR_SECRET_KEY',
    api: 'S3v4',
    path: 'on',
  });
});

test('the Cyberduck profile is a valid property list that names protocol, vendor, host, port and region', () => {
  const profile = cyberduckProfile(facts);
  assert.equal(XMLValidator.validate(profile), true);
  assert.match(
    profile,
    /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<!DOCTYPE plist PUBLIC "-\/\/Apple\/\/DTD PLIST 1\.0\/\/EN" /,
  );
  const entry = (key: string) =>
    new RegExp(`<key>${key}</key>\\s*<(?:string>([^<]*)</string|(true|false)/)>`).exec(profile);
  assert.equal(entry('Protocol')?.[1], 's3');
  assert.equal(entry('Vendor')?.[1], 'vstorage-han02');
  assert.equal(entry('Scheme')?.[1], 'https');
  assert.equal(entry('Description')?.[1], 'vStorage HAN02');
  assert.equal(entry('Default Hostname')?.[1], 'localhost');
  assert.equal(entry('Default Port')?.[1], '9000');
  assert.equal(entry('Region')?.[1], 'HAN02');
  assert.equal(entry('Hostname Configurable')?.[2], 'false');
  const { dict } = new XMLParser({ ignoreDeclaration: true }).parse(profile).plist;
  assert.equal(dict.key.length, dict.string.length + dict.array.length + dict.false.length + [dict.true].flat().length);
  assert.match(profile, /<array><string>s3\.bucket\.virtualhost\.disable=true<\/string><\/array>/);
  assert.doesNotMatch(profile, /YOUR_SECRET_KEY/, 'Cyberduck asks for the keys and keeps them itself');
});

test('text from outside cannot break out of the Cyberduck profile', () => {
  const profile = cyberduckProfile({ ...facts, region: '</string><key>x' });
  assert.equal(XMLValidator.validate(profile), true);
  assert.match(profile, /&lt;\/string&gt;&lt;key&gt;x/);
});

test('S3 Browser gets the fields of its own dialog', () => {
  assert.deepEqual(
    s3BrowserFields(publicCertificate).map(({ label, value }) => `${label} = ${value}`),
    [
      'Display name = vStorage_HAN02',
      'Account type = S3 Compatible Storage',
      'REST Endpoint = s3.example.com',
      'Access Key ID = 00112233445566778899aabbccddeeff',
      'Secret Access Key = YOUR_SECRET_KEY',
      'Use secure transfer (SSL/TLS) = on',
      'Signature version = Signature V4',
      'Addressing model = Path style',
    ],
  );
});

test('restic gets the repository and keys as environment', () => {
  const environment = resticEnvironment(knownCa);
  assert.match(environment, /^export RESTIC_REPOSITORY=s3:https:\/\/localhost:9000\/my-bucket\/restic$/m);
  assert.match(environment, /^export AWS_ACCESS_KEY_ID=00112233445566778899aabbccddeeff$/m);
  assert.match(environment, /^export AWS_DEFAULT_REGION=HAN02$/m);
  assert.match(environment, /^export RESTIC_CACERT=\/home\/me\/vstorage-ca\.pem$/m);
});

test('every client has its own line for trusting the local CA, and none when there is nothing to trust', () => {
  for (const setup of allClientSetups(facts)) {
    const lines = setup.commands.filter(({ label }) => label === 'trust-ca');
    assert.ok(lines.length > 0, setup.id);
    for (const { text } of lines) assert.match(text, /vstorage-ca\.pem/, setup.id);
    assert.ok(
      setup.commands.some(({ label, text }) => label === 'download-ca' && text.includes(ca.url)),
      setup.id,
    );
  }
  for (const setup of allClientSetups(publicCertificate)) {
    const all = JSON.stringify(setup);
    assert.doesNotMatch(all, /vstorage-ca\.pem|trust-ca|cacert/, setup.id);
  }
});

test('every client names the endpoint and shows the access key or the place to enter it', () => {
  for (const setup of allClientSetups(facts)) {
    const all = JSON.stringify(setup);
    assert.match(all, /localhost(:9000|.*9000)/, setup.id);
    assert.match(all, /00112233445566778899aabbccddeeff/, setup.id);
    assert.match(all, /YOUR_SECRET_KEY/, setup.id);
  }
});

test('no command carries a secret to the process list: only exports and files do', () => {
  for (const setup of allClientSetups(facts)) {
    for (const { text } of setup.commands) {
      for (const line of text.split('\n')) {
        if (line.includes('YOUR_SECRET_KEY')) assert.match(line, /^export /, `${setup.id}: ${line}`);
      }
    }
  }
});

test('the default port stays out of host names, and IPv6 addresses keep their brackets', () => {
  assert.equal(authority(publicCertificate), 's3.example.com');
  assert.equal(port(publicCertificate), 443);
  assert.equal(authority({ ...facts, endpoint: 'https://[::1]:9000' }), '[::1]:9000');
});

test('shell words stand for exactly their text', () => {
  assert.equal(quote('plain-text_1.0'), 'plain-text_1.0');
  assert.equal(quote("it's $HOME"), `'it'\\''s $HOME'`);
});
