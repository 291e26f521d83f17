// The decoder of aws-chunked bodies: `size[;chunk-signature=…]\r\n data \r\n … 0\r\n trailers`. A state machine fed
// with whatever the network delivers; it keeps at most one unfinished line, and what it yields are views of its input.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
import { S3Error } from '../../shared/errors.ts';
import type { ChunkVerifier } from './chunk-signatures.ts';
import { parseTrailers } from './trailers.ts';

/** A size of 13 digits, the signature's name and its 64 digits take 95. */
const MAX_CHUNK_HEADER_BYTES = 256;
/** A trailer line and a signature line take about 150. */
const MAX_TRAILER_BYTES = 4096;
/** AWS: every chunk but the last holds at least this much. */
const MIN_CHUNK_BYTES = 8192;
/** 13 digits stay below 2^53. */
const CHUNK_HEADER = /^([0-9A-Fa-f]{1,13})(?:;(.*))?\r$/;
const CHUNK_SIGNATURE = /^chunk-signature=([0-9a-f]{64})$/;
const LINE_FEED = 0x0a;

export type AwsChunkedDecoder = {
  /** The data bytes in `input`. */
  readonly push: (input: Uint8Array) => readonly Uint8Array[];
  /** After the last `push`: the trailers, lower-case names. Throws IncompleteBody when the end is missing. */
  readonly end: () => ReadonlyMap<string, string>;
};

export function createAwsChunkedDecoder(options: {
  /** x-amz-decoded-content-length */
  readonly decodedBytes: number;
  /** null: chunks are not signed */
  readonly verifier: ChunkVerifier | null;
  /** whether trailers may follow */
  readonly trailers: boolean;
}): AwsChunkedDecoder {
  const { decodedBytes, verifier } = options;
  let state: 'chunk-header' | 'data' | 'data-end' | 'trailers' = 'chunk-header';
  let line = '';
  let trailerText = '';
  let announcedBytes = 0;
  let chunk = { number: 0, sizeBytes: MIN_CHUNK_BYTES, leftBytes: 0, signature: '' };

  const startChunk = (header: string): void => {
    const match = CHUNK_HEADER.exec(header);
    if (match === null) throw unexpectedEnd();
    const sizeBytes = Number.parseInt(match[1] ?? '', 16);
    const signature = verifier === null ? '' : (CHUNK_SIGNATURE.exec(match[2] ?? '')?.[1] ?? '');
    if (verifier !== null && signature === '') throw unexpectedEnd();
    if (sizeBytes > 0 && chunk.sizeBytes < MIN_CHUNK_BYTES) throw chunkTooSmall(chunk.number + 1, chunk.sizeBytes);
    announcedBytes += sizeBytes;
    if (sizeBytes === 0 ? announcedBytes !== decodedBytes : announcedBytes > decodedBytes) {
      throw new S3Error('IncompleteBody');
    }
    chunk = { number: chunk.number + 1, sizeBytes, leftBytes: sizeBytes, signature };
    state = sizeBytes === 0 ? 'trailers' : 'data';
    if (sizeBytes === 0) verifier?.endChunk(signature);
  };

  const takeLine = (text: string): void => {
    if (state === 'chunk-header') {
      startChunk(text);
    } else if (state === 'data-end') {
      if (text !== '\r') throw unexpectedEnd();
      state = 'chunk-header';
    } else {
      trailerText += `${text}\n`;
    }
  };

  /** Takes bytes of a line from `start`; returns where it stopped. */
  const readLine = (input: Uint8Array, start: number): number => {
    const lineFeed = input.indexOf(LINE_FEED, start);
    const end = lineFeed === -1 ? input.length : lineFeed;
    const room = state === 'trailers' ? MAX_TRAILER_BYTES - trailerText.length : MAX_CHUNK_HEADER_BYTES;
    if (line.length + end - start > room) throw state === 'trailers' ? malformedTrailer() : unexpectedEnd();
    line += Buffer.from(input.buffer, input.byteOffset + start, end - start).toString('latin1');
    if (lineFeed === -1) return end;
    const whole = line;
    line = '';
    takeLine(whole);
    return end + 1;
  };

  const readData = (input: Uint8Array, start: number): Uint8Array => {
    const data = input.subarray(start, start + chunk.leftBytes);
    verifier?.update(data);
    chunk.leftBytes -= data.length;
    if (chunk.leftBytes === 0) {
      verifier?.endChunk(chunk.signature);
      state = 'data-end';
    }
    return data;
  };

  return {
    push: (input) => {
      const yielded: Uint8Array[] = [];
      for (let offset = 0; offset < input.length; ) {
        if (state === 'data') {
          const data = readData(input, offset);
          yielded.push(data);
          offset += data.length;
        } else {
          offset = readLine(input, offset);
        }
      }
      return yielded;
    },
    end: () => {
      if (state !== 'trailers') throw unexpectedEnd();
      return parseTrailers(trailerText + line, options.trailers, verifier);
    },
  };
}

/** Also for malformed framing: that is how S3 answers it. */
function unexpectedEnd(): S3Error {
  return new S3Error('IncompleteBody', { message: 'The request body terminated unexpectedly' });
}

function malformedTrailer(): S3Error {
  return new S3Error('MalformedTrailerError');
}

/** `number` is that of the chunk that shows the one before it was not the last, as S3 counts. */
function chunkTooSmall(number: number, sizeBytes: number): S3Error {
  return new S3Error('InvalidChunkSizeError', {
    fields: { Chunk: String(number), BadChunkSize: String(sizeBytes) },
  });
}
