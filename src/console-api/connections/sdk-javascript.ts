import { command, exportKeys, trustCa, type ConnectionFacts, type Setup } from './setup.ts';

export const javascriptExample = (facts: ConnectionFacts): string =>
  `import { GetObjectCommand, ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

const s3 = new S3Client({
  endpoint: '${facts.endpoint}',
  region: '${facts.region}',
  forcePathStyle: true,
});

const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
for (const bucket of Buckets) console.log(bucket.Name);

// node vstorage.mjs my-bucket: writes an object and reads it back
const Bucket = process.argv[2];
if (Bucket) {
  await s3.send(new PutObjectCommand({ Bucket, Key: 'hello.txt', Body: 'Hello, vStorage' }));
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'hello.txt' }));
  console.log(await Body.transformToString());
}
`;

export function sdkJavascript(facts: ConnectionFacts): Setup {
  return {
    name: 'AWS SDK for JavaScript',
    website: 'https://www.npmjs.com/package/@aws-sdk/client-s3',
    files: [
      {
        name: 'vstorage.mjs',
        place: null,
        contentType: 'text/javascript; charset=utf-8',
        content: javascriptExample(facts),
      },
    ],
    commands: [
      command('install', 'npm install @aws-sdk/client-s3'),
      command('configure', exportKeys(facts)),
      ...trustCa(facts.ca, (file) => `export NODE_EXTRA_CA_CERTS=${file}`),
      command('run', 'node vstorage.mjs'),
    ],
    fields: [],
  };
}
