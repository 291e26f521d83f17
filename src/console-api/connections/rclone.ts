// https://rclone.org/s3/#other
import { command, profileName, trustCa, type ConnectionFacts, type Setup } from './setup.ts';

export function rcloneConfig(facts: ConnectionFacts): string {
  return [
    `[${profileName(facts)}]`,
    'type = s3',
    'provider = Other',
    'env_auth = false',
    `access_key_id = ${facts.accessKey}`,
    `secret_access_key = ${facts.secretKey}`,
    `region = ${facts.region}`,
    `location_constraint = ${facts.region}`,
    `endpoint = ${facts.endpoint}`,
    'force_path_style = true',
    '',
  ].join('\n');
}

export function rclone(facts: ConnectionFacts): Setup {
  const remote = profileName(facts);
  return {
    name: 'Rclone',
    website: 'https://rclone.org/downloads/',
    files: [
      {
        name: 'rclone.conf',
        place: '~/.config/rclone/rclone.conf',
        contentType: 'text/plain; charset=utf-8',
        content: rcloneConfig(facts),
      },
    ],
    commands: [
      command('install', 'sudo apt install rclone', 'linux'),
      command('install', 'brew install rclone', 'macos'),
      command('install', 'winget install Rclone.Rclone', 'windows'),
      command(
        'configure',
        'mkdir -p ~/.config/rclone && (umask 077 && cat rclone.conf >> ~/.config/rclone/rclone.conf)',
      ),
      ...trustCa(facts.ca, (file) => `export RCLONE_CA_CERT=${file}`),
      command('list-buckets', `rclone lsd ${remote}:`),
      command('make-bucket', `rclone mkdir ${remote}:my-bucket`),
      command('upload', `rclone copy photo.jpg ${remote}:my-bucket`),
      command('download', `rclone copy ${remote}:my-bucket/photo.jpg .`),
      command('sync', `rclone sync ./folder ${remote}:my-bucket/folder`),
      command('presign', `rclone link --expire 1h ${remote}:my-bucket/photo.jpg`),
    ],
    fields: [],
  };
}
