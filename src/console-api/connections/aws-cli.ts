// One profile in one file: the AWS CLI reads keys from its config file too.
// https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html
import { command, profileName, trustCa, type ConnectionFacts, type Setup } from './setup.ts';

export function awsConfig(facts: ConnectionFacts): string {
  return [
    `[profile ${profileName(facts)}]`,
    `aws_access_key_id = ${facts.accessKey}`,
    `aws_secret_access_key = ${facts.secretKey}`,
    `region = ${facts.region}`,
    `endpoint_url = ${facts.endpoint}`,
    // the AWS CLI expands neither ~ nor $HOME here
    ...(facts.ca?.path == null ? [] : [`ca_bundle = ${facts.ca.path}`]),
    's3 =',
    '    addressing_style = path',
    '',
  ].join('\n');
}

export function awsCli(facts: ConnectionFacts): Setup {
  const profile = profileName(facts);
  // AWS CLI before 2.13 (Debian 12 has 2.9) reads no endpoint_url from the profile
  const aws = `aws --profile ${profile} --endpoint-url ${facts.endpoint}`;
  return {
    name: 'AWS CLI',
    website: 'https://aws.amazon.com/cli/',
    files: [
      {
        name: 'aws-config',
        place: '~/.aws/config',
        contentType: 'text/plain; charset=utf-8',
        content: awsConfig(facts),
      },
    ],
    commands: [
      command('install', 'sudo apt install awscli', 'linux'),
      command('install', 'brew install awscli', 'macos'),
      command('install', 'winget install Amazon.AWSCLI', 'windows'),
      command('configure', 'mkdir -p ~/.aws && (umask 077 && cat aws-config >> ~/.aws/config)'),
      ...trustCa(facts.ca, (file) => `aws configure set ca_bundle ${file} --profile ${profile}`),
      command('list-buckets', `${aws} s3 ls`),
      command('make-bucket', `${aws} s3 mb s3://my-bucket`),
      command('upload', `${aws} s3 cp photo.jpg s3://my-bucket/photo.jpg`),
      command('download', `${aws} s3 cp s3://my-bucket/photo.jpg .`),
      command('sync', `${aws} s3 sync ./folder s3://my-bucket/folder`),
      command('presign', `${aws} s3 presign s3://my-bucket/photo.jpg --expires-in 3600`),
    ],
    fields: [],
  };
}
