// MinIO Client. `mc alias import` keeps the secret out of the process list, unlike `mc alias set`.
import { command, profileName, trustCa, type ConnectionFacts, type Setup } from './setup.ts';

export function mcAlias(facts: ConnectionFacts): string {
  const { endpoint: url, accessKey, secretKey } = facts;
  return `${JSON.stringify({ url, accessKey, secretKey, api: 'S3v4', path: 'on' }, null, 2)}\n`;
}

export function mc(facts: ConnectionFacts): Setup {
  const alias = profileName(facts);
  const name = `${alias}.json`;
  return {
    name: 'MinIO Client',
    website: 'https://github.com/minio/mc',
    files: [{ name, place: null, contentType: 'application/json', content: mcAlias(facts) }],
    commands: [
      command('install', 'go install github.com/minio/mc@latest', 'linux'),
      command('install', 'brew install minio/stable/mc', 'macos'),
      ...trustCa(facts.ca, (file) => `mkdir -p ~/.mc/certs/CAs && cp ${file} ~/.mc/certs/CAs/`),
      command('configure', `mc alias import ${alias} ${name}`),
      command('list-buckets', `mc ls ${alias}`),
      command('make-bucket', `mc mb ${alias}/my-bucket`),
      command('upload', `mc cp photo.jpg ${alias}/my-bucket/`),
      command('download', `mc cp ${alias}/my-bucket/photo.jpg .`),
      command('sync', `mc mirror ./folder ${alias}/my-bucket/folder`),
      command('presign', `mc share download --expire 1h ${alias}/my-bucket/photo.jpg`),
    ],
    fields: [],
  };
}
