import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { testPython } from '../support/test-python.ts';
import { type ClientDriver, type ClientSetUp, exerciseClient, setUpClient } from './client-driver.ts';

test('current boto3 works with its default settings', { timeout: 300_000 }, async (t) => {
  const setUp = await setUpClient(t);
  await exerciseClient(t, setUp, boto3(t, setUp));
});

function boto3(t: TestContext, { facts, caFile }: ClientSetUp): ClientDriver {
  const script = fileURLToPath(new URL('boto3-driver.py', import.meta.url));
  const env = {
    PATH: process.env['PATH'] ?? '',
    AWS_ACCESS_KEY_ID: facts.accessKey,
    AWS_SECRET_ACCESS_KEY: facts.secretKey,
    AWS_CA_BUNDLE: caFile,
    S3_ENDPOINT: facts.endpoint,
    S3_REGION: facts.region,
  };
  const python = spawn(testPython(), [script], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => python.stdin.end());
  const answers = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  const call = async (name: string, ...args: (string | number)[]): Promise<unknown> => {
    python.stdin.write(`${JSON.stringify([name, args])}\n`);
    const line = await answers.next();
    if (line.done === true) throw new Error('the Python process ended');
    const answer = JSON.parse(line.value) as { result?: unknown; error?: string };
    if (answer.error !== undefined) throw new Error(`boto3 ${name}: ${answer.error}`);
    return answer.result;
  };
  return {
    makeBucket: async (bucket) => void (await call('makeBucket', bucket)),
    upload: async (file, bucket, key) => void (await call('upload', file, bucket, key)),
    list: async (bucket) => (await call('list', bucket)) as string[],
    download: async (bucket, key, file) => void (await call('download', bucket, key, file)),
    readRange: async (bucket, key, start, end) =>
      Buffer.from(String(await call('readRange', bucket, key, start, end)), 'hex'),
    copy: async (bucket, fromKey, toKey) => void (await call('copy', bucket, fromKey, toKey)),
    sync: null,
    presignGet: async (bucket, key) => String(await call('presignGet', bucket, key)),
    remove: async (bucket, key) => void (await call('remove', bucket, key)),
    removeBucket: async (bucket) => void (await call('removeBucket', bucket)),
  };
}
