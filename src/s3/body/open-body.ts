// A request's body as a VerifiedBody: decoded, counted, hashed once, and held to what signature and headers promise.
// The bytes stream through unverified, but the iteration throws before its end when anything does not fit; whoever
// stores them commits only after the end.
import type { Checksum } from '../../metadata/tables/objects.ts';
import { type ChecksumName, type DigestName, digestOf } from '../../shared/checksums.ts';
import { S3Error } from '../../shared/errors.ts';
import type { S3Request } from '../operation.ts';
import { readAnnouncedChecksum, readBodySize, readContentMd5 } from './announced.ts';
import { AwsChunkedDecoder } from './aws-chunked.ts';
import type { BodyProof } from './body-proof.ts';
import { type BodyPromises, digestIn, verifyDigests } from './body-promises.ts';
import { createChunkVerifier } from './chunk-signatures.ts';
import { createBodyDigests } from './digests.ts';
import type { VerifiedBody } from './verified-body.ts';

/**
 * Throws S3Error for headers that cannot be kept (InvalidDigest, MissingContentLength …); reads nothing yet.
 * `sizeBytes` is null when the request gives no length: operations that store a body answer MissingContentLength.
 * `incoming` must outlive an iteration that is left early: the error still has to be answered on its connection.
 * `take` gives all of its bytes when they are there already.
 */
export function openBody(
  proof: BodyProof,
  request: S3Request,
  incoming: AsyncIterable<Uint8Array>,
  take: (sizeBytes: number) => Uint8Array | null = () => null,
): VerifiedBody {
  const promises = readPromises(proof, request);
  const required = new Set<ChecksumName>();
  let digests: ReadonlyMap<DigestName, Buffer> | null = null;
  let started = false;

  async function* read(): AsyncGenerator<Uint8Array> {
    if (started) throw new Error('a request body can be read only once');
    started = true;
    digests = yield* readVerified(proof, promises, required, incoming);
  }
  const chunks: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: read };
  const whole = (): Uint8Array | null => {
    const { sizeBytes } = promises;
    if (started || proof.kind === 'chunked' || sizeBytes === null) return null;
    const bytes = take(sizeBytes);
    if (bytes === null) return null;
    started = true;
    digests = digestWhole(promises, required, bytes);
    return bytes;
  };
  return {
    sizeBytes: promises.sizeBytes,
    announcedChecksum: promises.checksum?.algorithm ?? null,
    chunks,
    whole,
    require: (algorithm) => {
      if (started) throw new Error('a checksum must be required before the body is read');
      required.add(algorithm);
    },
    digests: () => {
      if (digests === null) throw new Error('a body has digests only after it was read to its end');
      return { md5Hex: digestIn(digests, 'MD5').toString('hex'), checksum: checksumIn(digests, promises, required) };
    },
    bytes: async (maxBytes) => await collect(chunks, promises.sizeBytes, maxBytes),
  };
}

function readPromises(proof: BodyProof, request: S3Request): BodyPromises {
  return {
    sizeBytes: readBodySize(request, proof),
    sha256: proof.kind === 'sha256' ? Buffer.from(proof.sha256Hex, 'hex') : null,
    md5: readContentMd5(request),
    checksum: readAnnouncedChecksum(request, proof),
  };
}

async function* readVerified(
  proof: BodyProof,
  promises: BodyPromises,
  required: ReadonlySet<ChecksumName>,
  incoming: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, ReadonlyMap<DigestName, Buffer>> {
  const decoder = createDecoder(proof, promises.sizeBytes);
  const running = createBodyDigests(digestNames(promises, required));
  const expectedBytes = promises.sizeBytes ?? Number.POSITIVE_INFINITY;
  let countedBytes = 0;
  for await (const input of incoming) {
    for (const data of decoder === null ? [input] : decoder.push(input)) {
      countedBytes += data.length;
      if (countedBytes > expectedBytes) throw new S3Error('IncompleteBody');
      const hashing = running.update(data);
      if (hashing !== undefined) await hashing;
      yield data;
    }
  }
  const trailers = decoder?.end() ?? new Map<string, string>();
  if (promises.sizeBytes !== null && countedBytes !== promises.sizeBytes) throw new S3Error('IncompleteBody');
  const digests = await running.finish();
  verifyDigests(promises, trailers, digests);
  return digests;
}

function digestWhole(
  promises: BodyPromises,
  required: ReadonlySet<ChecksumName>,
  bytes: Uint8Array,
): ReadonlyMap<DigestName, Buffer> {
  const names = [...digestNames(promises, required)];
  const digests = new Map(names.map((name) => [name, digestOf(name, bytes)] as const));
  verifyDigests(promises, noTrailers, digests);
  return digests;
}

const noTrailers: ReadonlyMap<string, string> = new Map();

function createDecoder(proof: BodyProof, sizeBytes: number | null): AwsChunkedDecoder | null {
  if (proof.kind !== 'chunked') return null;
  return new AwsChunkedDecoder({
    decodedBytes: sizeBytes ?? 0,
    verifier: proof.signer === null ? null : createChunkVerifier(proof.signer),
    trailers: proof.trailers,
  });
}

/** A set: SHA-256 as signature and as checksum is one pass. */
function digestNames(promises: BodyPromises, required: ReadonlySet<ChecksumName>): ReadonlySet<DigestName> {
  const names = new Set<DigestName>(['MD5', ...required]);
  if (promises.sha256 !== null) names.add('SHA256');
  if (promises.checksum !== null) names.add(promises.checksum.algorithm);
  return names;
}

/** What the storage asked for comes before what the client announced. */
function checksumIn(
  digests: ReadonlyMap<DigestName, Buffer>,
  promises: BodyPromises,
  required: ReadonlySet<ChecksumName>,
): Checksum | null {
  const algorithm = [...required].at(-1) ?? promises.checksum?.algorithm;
  if (algorithm === undefined) return null;
  return { algorithm, type: 'FULL_OBJECT', value: digestIn(digests, algorithm).toString('base64') };
}

async function collect(
  chunks: AsyncIterable<Uint8Array>,
  sizeBytes: number | null,
  maxBytes: number,
): Promise<Uint8Array> {
  if (sizeBytes !== null && sizeBytes > maxBytes) throw tooLong(maxBytes);
  const parts: Uint8Array[] = [];
  let countedBytes = 0;
  for await (const chunk of chunks) {
    countedBytes += chunk.length;
    if (countedBytes > maxBytes) throw tooLong(maxBytes);
    parts.push(chunk);
  }
  return Buffer.concat(parts, countedBytes);
}

function tooLong(maxBytes: number): S3Error {
  return new S3Error('MaxMessageLengthExceeded', { fields: { MaxMessageLengthBytes: String(maxBytes) } });
}
