// Clients that cannot be installed here are replayed: their requests, in their order and with their headers, as their
// public sources and documentation show, sent by the raw signer.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { TestContext } from 'node:test';
import { type RawReply, type RawRequest, rawS3 } from '../support/raw-s3.ts';
import { type ClientSetUp, setUpClient } from './client-driver.ts';

export type Replay = ClientSetUp & {
  /** Sends one request with the client's own headers and checks the status of the answer. */
  readonly send: (status: number, request: RawRequest) => Promise<RawReply>;
};

export async function startReplay(t: TestContext, clientHeaders: Readonly<Record<string, string>>): Promise<Replay> {
  const setUp = await setUpClient(t);
  const { facts } = setUp;
  const { endpoint: url, accessKey, secretKey, region } = facts;
  const s3 = rawS3({ url, accessKey, secretKey, region, ca: await readFile(setUp.caFile) });
  const send = async (status: number, request: RawRequest): Promise<RawReply> => {
    const reply = await s3({ ...request, headers: { ...clientHeaders, ...request.headers } });
    assert.equal(reply.status, status, `${request.method ?? 'GET'} ${request.path}: ${reply.body.toString()}`);
    return reply;
  };
  return { ...setUp, send };
}

export const md5Base64 = (body: string | Uint8Array): string => createHash('md5').update(body).digest('base64');

/** Every `<Name>value</Name>` of an XML answer. */
export const valuesOf = (reply: RawReply, name: string): string[] =>
  [...reply.body.toString().matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map((match) => match[1] ?? '');

/** The ETag header of an answer, quotes included. */
export function etagOf(reply: RawReply): string {
  const etag = reply.headers['etag'];
  assert.equal(typeof etag, 'string');
  return String(etag);
}

/** Starts an upload, sends the parts and completes it; answers the ETag of the object. */
export async function uploadInParts(
  replay: Replay,
  path: string,
  parts: readonly Uint8Array[],
  partOptions: (part: Uint8Array) => Partial<RawRequest>,
): Promise<void> {
  const started = await replay.send(200, { method: 'POST', path, query: 'uploads=' });
  const [uploadId = ''] = valuesOf(started, 'UploadId');
  const entries: string[] = [];
  for (const [index, body] of parts.entries()) {
    const query = { partNumber: String(index + 1), uploadId };
    const reply = await replay.send(200, { method: 'PUT', path, query, body, ...partOptions(body) });
    entries.push(`<Part><PartNumber>${index + 1}</PartNumber><ETag>${etagOf(reply)}</ETag></Part>`);
  }
  const body = `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${entries.join('')}</CompleteMultipartUpload>`;
  await replay.send(200, { method: 'POST', path, query: { uploadId }, body });
}
