/** The file behind Download: readable by people, `key = value` for scripts. */
export function keyFile(key: {
  project: string;
  endpoint: string;
  region: string;
  accessKey: string;
  secretKey: string;
}): string {
  return [
    '# vStorage S3 key. Keep it secret: whoever has it can act with it.',
    `project = ${key.project}`,
    `endpoint = ${key.endpoint}`,
    `region = ${key.region}`,
    `access_key = ${key.accessKey}`,
    `secret_key = ${key.secretKey}`,
    '',
  ].join('\n');
}

export const keyFileName = (accessKey: string): string => `vstorage-s3-key-${accessKey.slice(0, 8)}.txt`;
