// multipart/form-data as browsers send it: fields, then one file, in one pass and in constant memory. Whatever stands
// after the file is not read. https://www.rfc-editor.org/rfc/rfc7578
import { S3Error } from '../../shared/errors.ts';
import { malformedForm, type PartHeaders, parsePartHeaders } from './form-part-headers.ts';

/** RFC 2046 gives a boundary 70 characters; browsers need fewer. */
const MAX_BOUNDARY_LENGTH = 200;
const MAX_PART_HEADER_BYTES = 4 * 1024;
/** of names and values together, as S3 has it */
export const MAX_FIELD_BYTES = 20_000;
const MAX_FIELDS = 100;

export type FormFile = {
  readonly filename: string;
  /** Read once. Throws IncompleteBody when the form ends before its file does. */
  readonly chunks: AsyncIterable<Uint8Array>;
};

export type Form = AsyncDisposable & {
  /** by lower-case name, in the order sent */
  readonly fields: ReadonlyMap<string, string>;
  /** null: there is none */
  readonly file: FormFile | null;
};

/** The boundary of `multipart/form-data; boundary=…`; throws PreconditionFailed for another type, as S3 does. */
export function parseBoundary(contentType: string): string {
  if (!/^multipart\/form-data\s*(?:;|$)/i.test(contentType.trim())) {
    const condition = 'Bucket POST must be of the enclosure-type multipart/form-data';
    throw new S3Error('PreconditionFailed', { fields: { Condition: condition } });
  }
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined || boundary.length > MAX_BOUNDARY_LENGTH) throw malformedForm();
  return boundary;
}

/** Reads up to the first byte of the file. Disposing it lets go of `incoming`, however far that was read. */
export async function readForm(boundary: string, incoming: AsyncIterable<Uint8Array>): Promise<Form> {
  const input = incoming[Symbol.asyncIterator]();
  const close = async (): Promise<void> => {
    await input.return?.();
  };
  try {
    const { fields, file } = await readFields(new FormInput(boundary, input));
    return { fields, file, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function readFields(input: FormInput): Promise<Pick<Form, 'fields' | 'file'>> {
  const fields = new Map<string, string>();
  let roomBytes = MAX_FIELD_BYTES;
  await input.skipPreamble();
  while (await input.hasPart()) {
    const headers = parsePartHeaders(await input.readUntil('\r\n\r\n', MAX_PART_HEADER_BYTES, malformedForm));
    if (headers.name === 'file') return { fields, file: fileOf(headers, input) };
    roomBytes -= Buffer.byteLength(headers.name);
    const value = await input.readValue(Math.max(roomBytes, 0));
    roomBytes -= value.length;
    // Which of two values counts would be a guess, and the other might be the one that was checked.
    if (fields.has(headers.name)) throw givenTwice(headers.name);
    if (fields.size === MAX_FIELDS) throw fieldsTooLong();
    fields.set(headers.name, decodeValue(value));
  }
  return { fields, file: null };
}

function fileOf({ filename }: PartHeaders, input: FormInput): FormFile {
  return { filename: filename ?? '', chunks: { [Symbol.asyncIterator]: () => input.readFile() } };
}

function givenTwice(name: string): S3Error {
  const message = 'POST requires exactly one value per form field.';
  return new S3Error('InvalidArgument', { message, fields: { ArgumentName: name } });
}

function fieldsTooLong(): S3Error {
  return new S3Error('MaxPostPreDataLengthExceeded');
}

function decodeValue(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw malformedForm();
  }
}

/** What has come and was not taken yet. */
class FormInput {
  readonly #input: AsyncIterator<Uint8Array>;
  readonly #delimiter: Buffer;
  // The first delimiter may stand at the very beginning; every other one follows a line.
  #rest: Buffer = Buffer.from('\r\n');

  constructor(boundary: string, input: AsyncIterator<Uint8Array>) {
    this.#input = input;
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  }

  async #more(): Promise<Buffer> {
    const next = await this.#input.next();
    if (next.done === true) throw new S3Error('IncompleteBody');
    const { buffer, byteOffset, byteLength } = next.value;
    return Buffer.from(buffer, byteOffset, byteLength);
  }

  /** Takes what stands before `mark`, and the mark. */
  async readUntil(mark: string | Buffer, maxBytes: number, tooLong: () => S3Error): Promise<Buffer> {
    const markBytes = Buffer.from(mark);
    let searched = 0;
    for (;;) {
      const at = this.#rest.indexOf(markBytes, searched);
      if (at > maxBytes || (at < 0 && this.#rest.length > maxBytes + markBytes.length)) throw tooLong();
      if (at >= 0) {
        const found = this.#rest.subarray(0, at);
        this.#rest = this.#rest.subarray(at + markBytes.length);
        return found;
      }
      searched = Math.max(0, this.#rest.length - markBytes.length);
      this.#rest = Buffer.concat([this.#rest, await this.#more()]);
    }
  }

  async skipPreamble(): Promise<void> {
    await this.readUntil(this.#delimiter, MAX_PART_HEADER_BYTES, malformedForm);
  }

  /** After a delimiter: does a part follow, or was it the last? */
  async hasPart(): Promise<boolean> {
    while (this.#rest.length < 2) this.#rest = Buffer.concat([this.#rest, await this.#more()]);
    if (this.#rest.subarray(0, 2).toString('latin1') === '--') return false;
    const padding = await this.readUntil('\r\n', MAX_BOUNDARY_LENGTH, malformedForm);
    if (/[^ \t]/.test(padding.toString('latin1'))) throw malformedForm();
    return true;
  }

  readValue(maxBytes: number): Promise<Buffer> {
    return this.readUntil(this.#delimiter, maxBytes, fieldsTooLong);
  }

  async *readFile(): AsyncGenerator<Uint8Array> {
    let data = this.#rest;
    for (;;) {
      const end = data.indexOf(this.#delimiter);
      const ready = end >= 0 ? end : data.length - this.#heldBack(data);
      if (ready > 0) yield data.subarray(0, ready);
      if (end >= 0) {
        this.#rest = data.subarray(end + this.#delimiter.length);
        return;
      }
      const held = data.subarray(ready);
      const next = await this.#more();
      data = held.length === 0 ? next : Buffer.concat([held, next]);
    }
  }

  /** How many bytes at the end may be the beginning of the delimiter, which holds no second CR. */
  #heldBack(data: Buffer): number {
    const start = data.lastIndexOf(0x0d);
    const length = data.length - start;
    if (start < 0 || length >= this.#delimiter.length) return 0;
    return this.#delimiter.subarray(0, length).equals(data.subarray(start)) ? length : 0;
  }
}
