// The body of an upload as the write path wants it: streamed with the sender's pace, counted, hashed once, and held to
// the checksum that came with it.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ChecksumName, createHasher, type Hasher, parseDigest } from '../../shared/checksums.ts';
import { S3Error } from '../../shared/errors.ts';
import { type IncomingBody, openIncoming } from '../../shared/http/incoming-body.ts';
import { settleUnreadBody } from '../../shared/http/unread-body.ts';
import type { ObjectSource } from '../../storage/object-source.ts';
import type { Api } from '../console-deps.ts';

/** Longest time a client may send nothing while its body is awaited. */
const BODY_IDLE_MS = 60_000;
/** What the console computes while it reads a file, and shows when it is stored. */
export const UPLOAD_CHECKSUM = 'CRC32';
const CHECKSUM_HEADER = 'x-amz-checksum-crc32';

declare module 'fastify' {
  interface FastifyRequest {
    /** set on the routes of `takeBodies` */
    incomingBody: IncomingBody | null;
  }
}

/** The routes added by `add` take bodies of any type and size, which nothing reads before they do. */
export function takeBodies(api: Api, add: (scope: Api) => void): void {
  // oxlint-disable-next-line typescript/no-floating-promises -- Fastify awaits its plugins when it gets ready
  api.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    scope.addHook('onSend', async (request, reply) => settle(request, reply));
    add(scope);
  });
}

function settle(request: FastifyRequest, reply: FastifyReply): void {
  const body = request.incomingBody ?? openIncoming(request.raw, reply.raw, BODY_IDLE_MS);
  settleUnreadBody(request.raw, reply.raw, body);
}

/** Throws InvalidDigest for a checksum that is none; reads nothing yet. */
export function openRequestBody(request: FastifyRequest, reply: FastifyReply): ObjectSource {
  const incoming = openIncoming(request.raw, reply.raw, BODY_IDLE_MS);
  request.incomingBody = incoming;
  return bodySource(incoming.chunks, lengthOf(request), readChecksum(request));
}

function lengthOf({ headers }: FastifyRequest): number | null {
  const length = headers['content-length'];
  return length === undefined ? (headers['transfer-encoding'] === undefined ? 0 : null) : Number(length);
}

function readChecksum({ headers }: FastifyRequest): Buffer | null {
  const text = headers[CHECKSUM_HEADER];
  if (text === undefined) return null;
  const digest = typeof text === 'string' ? parseDigest(UPLOAD_CHECKSUM, text) : null;
  if (digest === null) throw new S3Error('InvalidRequest', { message: `${CHECKSUM_HEADER} is not a CRC32 in base64.` });
  return digest;
}

function bodySource(
  chunks: AsyncIterable<Uint8Array>,
  sizeBytes: number | null,
  announced: Buffer | null,
): ObjectSource {
  const required = new Set<ChecksumName>([UPLOAD_CHECKSUM]);
  let digests: ReturnType<ObjectSource['digests']> | null = null;

  async function* read(): AsyncGenerator<Uint8Array> {
    const hashers = new Map<ChecksumName, Hasher>();
    for (const name of ['MD5', ...required] as const) hashers.set(name, createHasher(name));
    let countedBytes = 0;
    for await (const chunk of chunks) {
      countedBytes += chunk.length;
      for (const hasher of hashers.values()) hasher.update(chunk);
      yield chunk;
    }
    if (sizeBytes !== null && countedBytes !== sizeBytes) throw new S3Error('IncompleteBody');
    digests = finish(hashers, [...required].at(-1) ?? UPLOAD_CHECKSUM, announced);
  }
  return {
    sizeBytes,
    chunks: { [Symbol.asyncIterator]: read },
    announcedChecksum: announced === null ? null : UPLOAD_CHECKSUM,
    require: (algorithm) => {
      required.delete(algorithm);
      required.add(algorithm);
    },
    digests: () => {
      if (digests === null) throw new Error('a body has digests only after it was read to its end');
      return digests;
    },
  };
}

function finish(
  hashers: ReadonlyMap<ChecksumName, Hasher>,
  algorithm: ChecksumName,
  announced: Buffer | null,
): ReturnType<ObjectSource['digests']> {
  const found = new Map([...hashers].map(([name, hasher]) => [name, hasher.digest()]));
  if (announced !== null && found.get(UPLOAD_CHECKSUM)?.equals(announced) !== true) {
    throw new S3Error('BadDigest', {
      message: 'The bytes that arrived are not those that were sent: their CRC32 differs. Send them again.',
    });
  }
  const value = found.get(algorithm)?.toString('base64') ?? '';
  return { md5Hex: found.get('MD5')?.toString('hex') ?? '', checksum: { algorithm, type: 'FULL_OBJECT', value } };
}
