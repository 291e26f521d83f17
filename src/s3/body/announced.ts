// What the headers promise about a body: its length, MD5 and checksum. All of it is checked before a byte is read.
import { checksumNames, type ChecksumName, parseDigest } from '../../shared/checksums.ts';
import { S3Error } from '../../shared/errors.ts';
import type { S3Request } from '../operation.ts';
import type { BodyProof } from './body-proof.ts';

const PREFIX = 'x-amz-checksum-';
/** headers of the checksum family that are no checksums */
const SETTINGS = new Set([`${PREFIX}algorithm`, `${PREFIX}type`, `${PREFIX}mode`]);

export type AnnouncedChecksum = {
  readonly algorithm: ChecksumName;
  /** raw; null when it comes in the trailer */
  readonly digest: Buffer | null;
};

export const checksumHeaderName = (algorithm: ChecksumName): string => PREFIX + algorithm.toLowerCase();

/** Decoded bytes; null when the request announces no length. */
export function readBodySize(request: S3Request, proof: BodyProof): number | null {
  const chunked = proof.kind === 'chunked';
  const name = chunked ? 'x-amz-decoded-content-length' : 'content-length';
  const text = request.headers.get(name);
  if (text === undefined && !chunked) return null;
  if (text !== undefined && /^\d{1,15}$/.test(text)) return Number(text);
  throw new S3Error('MissingContentLength', {
    message: `You must provide the ${chunked ? name : 'Content-Length'} HTTP header, as a number of bytes.`,
  });
}

export function readContentMd5(request: S3Request): Buffer | null {
  const text = request.headers.get('content-md5');
  if (text === undefined) return null;
  const digest = parseDigest('MD5', text.trim());
  if (digest !== null) return digest;
  throw new S3Error('InvalidDigest', {
    message: 'The Content-MD5 you specified is not valid.',
    fields: { 'Content-MD5': text },
  });
}

export function readAnnouncedChecksum(request: S3Request, proof: BodyProof): AnnouncedChecksum | null {
  if (describesStoredObject(request)) return null;
  const found = [...headerChecksums(request), ...trailerChecksums(request, proof)];
  if (found.length > 1) {
    throw invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');
  }
  const checksum = found[0] ?? null;
  checkSdkAlgorithm(request, checksum);
  return checksum;
}

/** CompleteMultipartUpload: the checksum is that of the whole object, not of the XML that is sent. */
function describesStoredObject(request: S3Request): boolean {
  return request.method === 'POST' && request.query.has('uploadId');
}

/**
 * Only headers count. AWS's presigner for JavaScript puts x-amz-checksum-crc32 of an empty body into the query of
 * every presigned PUT, before there is a body, and S3 ignores it there.
 */
function headerChecksums(request: S3Request): readonly AnnouncedChecksum[] {
  const found: AnnouncedChecksum[] = [];
  for (const [name, value] of request.headers) {
    if (name.startsWith(PREFIX) && !SETTINGS.has(name)) found.push(headerChecksum(name, value));
  }
  return found;
}

function headerChecksum(name: string, value: string): AnnouncedChecksum {
  const algorithm = checksumNames.find((known) => checksumHeaderName(known) === name);
  if (algorithm === undefined) {
    throw invalidRequest('The algorithm type you specified in x-amz-checksum- header is invalid.');
  }
  const digest = parseDigest(algorithm, value.trim());
  if (digest === null) throw invalidRequest(`Value for ${name} header is invalid.`);
  return { algorithm, digest };
}

function trailerChecksums(request: S3Request, proof: BodyProof): readonly AnnouncedChecksum[] {
  const header = request.headers.get('x-amz-trailer');
  if (header === undefined) return [];
  return header
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
    .map((name) => {
      const algorithm = checksumNames.find((known) => checksumHeaderName(known) === name);
      if (algorithm === undefined || proof.kind !== 'chunked' || !proof.trailers) {
        throw invalidRequest('The value specified in the x-amz-trailer header is not supported');
      }
      return { algorithm, digest: null };
    });
}

function checkSdkAlgorithm(request: S3Request, checksum: AnnouncedChecksum | null): void {
  const text = request.headers.get('x-amz-sdk-checksum-algorithm')?.trim().toUpperCase();
  if (!text) return;
  const algorithm = checksumNames.find((name) => name === text);
  if (algorithm === undefined || (checksum !== null && checksum.algorithm !== algorithm)) {
    throw invalidRequest('Value for x-amz-sdk-checksum-algorithm header is invalid.');
  }
  if (checksum === null) {
    throw invalidRequest(
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    );
  }
}

function invalidRequest(message: string): S3Error {
  return new S3Error('InvalidRequest', { message });
}
