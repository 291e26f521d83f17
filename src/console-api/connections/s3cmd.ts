// https://s3tools.org/kb/item14.htm ; host_bucket equal to host_base means path-style.
import { authority, caWord, command, downloadCa, type ConnectionFacts, type Setup } from './setup.ts';

export function s3cmdConfig(facts: ConnectionFacts): string {
  return [
    '[default]',
    `access_key = ${facts.accessKey}`,
    `secret_key = ${facts.secretKey}`,
    `host_base = ${authority(facts)}`,
    `host_bucket = ${authority(facts)}`,
    `bucket_location = ${facts.region}`,
    'use_https = True',
    'signurl_use_https = True',
    'signature_v2 = False',
    'check_ssl_certificate = True',
    'check_ssl_hostname = True',
    // s3cmd expands neither ~ nor $HOME here
    ...(facts.ca?.path == null ? [] : [`ca_certs_file = ${facts.ca.path}`]),
    '',
  ].join('\n');
}

export function s3cmd(facts: ConnectionFacts): Setup {
  const { ca } = facts;
  return {
    name: 's3cmd',
    website: 'https://s3tools.org/s3cmd',
    files: [
      { name: 's3cnf.s3cfg', place: '~/.s3cfg', contentType: 'text/plain; charset=utf-8', content: s3cmdConfig(facts) },
    ],
    commands: [
      command('install', 'sudo apt install s3cmd', 'linux'),
      command('install', 'brew install s3cmd', 'macos'),
      command('configure', 'install -b -m 600 s3cnf.s3cfg ~/.s3cfg'),
      ...downloadCa(ca),
      ...(ca === null ? [] : [command('trust-ca', `printf 'ca_certs_file = %s\\n' ${caWord(ca)} >> ~/.s3cfg`)]),
      command('list-buckets', 's3cmd ls'),
      command('make-bucket', 's3cmd mb s3://my-bucket'),
      command('upload', 's3cmd put photo.jpg s3://my-bucket/photo.jpg'),
      command('download', 's3cmd get s3://my-bucket/photo.jpg'),
      command('sync', 's3cmd sync ./folder/ s3://my-bucket/folder/'),
      command('presign', 's3cmd signurl s3://my-bucket/photo.jpg +3600'),
    ],
    fields: [],
  };
}
