import { command, exportKeys, trustCa, type ConnectionFacts, type Setup } from './setup.ts';

export const pythonExample = (facts: ConnectionFacts): string =>
  `import sys

import boto3
from botocore.config import Config

s3 = boto3.client(
    "s3",
    endpoint_url="${facts.endpoint}",
    region_name="${facts.region}",
    config=Config(s3={"addressing_style": "path"}),
)

for bucket in s3.list_buckets().get("Buckets", []):
    print(bucket["Name"])

# python3 vstorage.py my-bucket: writes an object and reads it back
if len(sys.argv) > 1:
    bucket = sys.argv[1]
    s3.put_object(Bucket=bucket, Key="hello.txt", Body=b"Hello, vStorage")
    print(s3.get_object(Bucket=bucket, Key="hello.txt")["Body"].read().decode())
`;

export function sdkPython(facts: ConnectionFacts): Setup {
  return {
    name: 'AWS SDK for Python (Boto3)',
    website: 'https://pypi.org/project/boto3/',
    files: [
      { name: 'vstorage.py', place: null, contentType: 'text/x-python; charset=utf-8', content: pythonExample(facts) },
    ],
    commands: [
      command('install', 'python3 -m pip install boto3'),
      command('configure', exportKeys(facts)),
      ...trustCa(facts.ca, (file) => `export AWS_CA_BUNDLE=${file}`),
      command('run', 'python3 vstorage.py'),
    ],
    fields: [],
  };
}
