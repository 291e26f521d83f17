// Moves that tests of objects have in common.
import { crc32 } from 'node:zlib';
import type { BucketView } from '../../src/console-api/contract/buckets.ts';
import type { StoredObject } from '../../src/console-api/contract/objects.ts';
import { type Answer, type Browser, json } from './browser.ts';
import type { ConsoleFixture } from './console-fixture.ts';

export const bucketPath = ({ projectId }: Pick<ConsoleFixture, 'projectId'>, bucket: string): string =>
  `projects/${projectId}/buckets/${bucket}`;

export const query = (parameters: Record<string, string>): string => new URLSearchParams(parameters).toString();

/** base64, as the checksum headers have it */
export function crcOf(bytes: string | Uint8Array): string {
  const digest = Buffer.alloc(4);
  digest.writeUInt32BE(crc32(bytes));
  return digest.toString('base64');
}

/** Returns the path of the bucket. */
export async function makeBucket(
  fixture: ConsoleFixture,
  browser: Browser,
  name: string,
  settings: object = {},
): Promise<string> {
  const body = { name, ...settings };
  await browser.change<BucketView>('POST', `projects/${fixture.projectId}/buckets`, body, 201);
  return bucketPath(fixture, name);
}

export async function put(
  browser: Browser,
  bucket: string,
  key: string,
  bytes: string | Buffer,
  headers: Record<string, string> = {},
): Promise<StoredObject> {
  const extra = { rawBody: bytes, headers: { 'content-type': 'application/octet-stream', ...headers } };
  return json(await browser.send('PUT', `${bucket}/object/content?${query({ key })}`, undefined, extra), 200);
}

export function get(
  browser: Browser,
  bucket: string,
  key: string,
  headers: Record<string, string> = {},
  disposition: 'attachment' | 'inline' = 'attachment',
): Promise<Answer> {
  const path = `${bucket}/object/content?${query({ key, disposition })}`;
  return browser.send('GET', path, undefined, { headers });
}
