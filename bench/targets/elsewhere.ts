// Any S3 server, named on the command line.
import { readFile } from 'node:fs/promises';
import { presign } from '../load/presign.ts';
import type { BenchTarget } from './target.ts';

export type Elsewhere = {
  readonly url: string;
  readonly accessKey: string;
  readonly secretKeyFile: string;
  readonly region: string;
};

export async function openElsewhere({ url, accessKey, secretKeyFile, region }: Elsewhere): Promise<BenchTarget> {
  const { origin, host } = new URL(url);
  const secretKey = (await readFile(secretKeyFile, 'utf8')).trim();
  const endpoint = { origin, credentials: { accessKey, secretKey, region } };
  return {
    name: host,
    kind: 'peer',
    origin,
    pids: [],
    call: (method, path, query) => presign(endpoint, method, path, query),
    [Symbol.asyncDispose]: async () => {},
  };
}
