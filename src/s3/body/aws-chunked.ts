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

export type AwsChunkedOptions = {
  /** x-amz-decoded-content-length: no more is taken; that it is not less is for the caller to see */
  readonly decodedBytes: number;
  /** null: chunks are not signed */
  readonly verifier: ChunkVerifier | null;
  /** whether trailers may follow */
  readonly trailers: boolean;
};

export class AwsChunkedDecoder {
  readonly #options: AwsChunkedOptions;
  #state: 'chunk-header' | 'data' | 'data-end' | 'trailers' = 'chunk-header';
  /** the unfinished line */
  #line = '';
  #trailerText = '';
  #announcedBytes = 0;
  #chunk = { number: 0, sizeBytes: MIN_CHUNK_BYTES, leftBytes: 0, signature: '' };

  constructor(options: AwsChunkedOptions) {
    this.#options = options;
  }

  /** The data bytes in `input`. */
  push(input: Uint8Array): readonly Uint8Array[] {
    const found: Uint8Array[] = [];
    for (let offset = 0; offset < input.length; ) {
      if (this.#state === 'data') {
        const data = this.#takeData(input, offset);
        found.push(data);
        offset += data.length;
      } else {
        offset = this.#takeLine(input, offset);
      }
    }
    return found;
  }

  /** After the last `push`: the trailers, lower-case names. Throws IncompleteBody when the end is missing. */
  end(): ReadonlyMap<string, string> {
    if (this.#state !== 'trailers') throw unexpectedEnd();
    return parseTrailers(this.#trailerText + this.#line, this.#options.trailers, this.#options.verifier);
  }

  #takeData(input: Uint8Array, start: number): Uint8Array {
    const data = input.subarray(start, start + this.#chunk.leftBytes);
    this.#options.verifier?.update(data);
    this.#chunk.leftBytes -= data.length;
    if (this.#chunk.leftBytes === 0) {
      this.#options.verifier?.endChunk(this.#chunk.signature);
      this.#state = 'data-end';
    }
    return data;
  }

  /** Takes bytes of a line from `start`; returns where it stopped. */
  #takeLine(input: Uint8Array, start: number): number {
    const lineFeed = input.indexOf(LINE_FEED, start);
    const end = lineFeed === -1 ? input.length : lineFeed;
    this.#checkRoom(end - start);
    this.#line += Buffer.from(input.buffer, input.byteOffset + start, end - start).toString('latin1');
    if (lineFeed === -1) return end;
    const line = this.#line;
    this.#line = '';
    this.#endLine(line);
    return end + 1;
  }

  #checkRoom(moreBytes: number): void {
    const lineBytes = this.#line.length + moreBytes;
    if (this.#state !== 'trailers') {
      if (lineBytes > MAX_CHUNK_HEADER_BYTES) throw unexpectedEnd();
    } else if (this.#trailerText.length + lineBytes > MAX_TRAILER_BYTES) {
      throw new S3Error('MalformedTrailerError');
    }
  }

  #endLine(line: string): void {
    if (this.#state === 'chunk-header') {
      this.#startChunk(line);
    } else if (this.#state === 'data-end') {
      if (line !== '\r') throw unexpectedEnd();
      this.#state = 'chunk-header';
    } else {
      this.#trailerText += `${line}\n`;
    }
  }

  #startChunk(header: string): void {
    const { verifier } = this.#options;
    const match = CHUNK_HEADER.exec(header);
    const signature = CHUNK_SIGNATURE.exec(match?.[2] ?? '')?.[1] ?? '';
    if (match === null || (verifier !== null && signature === '')) throw unexpectedEnd();
    const sizeBytes = Number.parseInt(match[1] ?? '', 16);
    this.#checkSize(sizeBytes);
    this.#chunk = { number: this.#chunk.number + 1, sizeBytes, leftBytes: sizeBytes, signature };
    this.#state = sizeBytes === 0 ? 'trailers' : 'data';
    if (sizeBytes === 0) verifier?.endChunk(signature);
  }

  #checkSize(sizeBytes: number): void {
    if (sizeBytes > 0 && this.#chunk.sizeBytes < MIN_CHUNK_BYTES) {
      // S3 names the chunk that shows the one before it was not the last
      const fields = { Chunk: String(this.#chunk.number + 1), BadChunkSize: String(this.#chunk.sizeBytes) };
      throw new S3Error('InvalidChunkSizeError', { fields });
    }
    this.#announcedBytes += sizeBytes;
    if (this.#announcedBytes > this.#options.decodedBytes) throw new S3Error('IncompleteBody');
  }
}

/** Also for malformed framing: that is how S3 answers it. */
function unexpectedEnd(): S3Error {
  return new S3Error('IncompleteBody', { message: 'The request body terminated unexpectedly' });
}
