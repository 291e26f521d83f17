// The header lines of one part of a form.
import { S3Error } from '../../shared/errors.ts';

export type PartHeaders = {
  /** lower-case: names of fields are compared without regard to case */
  readonly name: string;
  /** null: it has none */
  readonly filename: string | null;
};

export function malformedForm(): S3Error {
  return new S3Error('MalformedPOSTRequest');
}

export function parsePartHeaders(bytes: Uint8Array): PartHeaders {
  const lines = decode(bytes).split('\r\n');
  const disposition = lines.find((line) => /^content-disposition\s*:/i.test(line));
  const [, rest] = /^[^:]+:\s*form-data\s*;(.*)$/is.exec(disposition ?? '') ?? [];
  if (rest === undefined) throw malformedForm();
  const name = parameter(rest, 'name');
  if (name === null || name === '') throw malformedForm();
  return { name: name.toLowerCase(), filename: extended(rest) ?? parameter(rest, 'filename') };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformedForm();
  }
}

/** `name="a"`; a backslash only stands before a quote, else it belongs to a path of Windows. */
function parameter(text: string, name: string): string | null {
  const [, quoted, plain] =
    new RegExp(`(?:^|;)\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;"]*))`, 'is').exec(text) ?? [];
  return quoted?.replaceAll('\\"', '"') ?? plain ?? null;
}

/** `filename*=utf-8''a%20b`, which some libraries send for names beyond ASCII. */
function extended(text: string): string | null {
  const [, encoded] = /(?:^|;)\s*filename\*=utf-8'[^']*'([^\s;]*)/i.exec(text) ?? [];
  if (encoded === undefined) return null;
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw malformedForm();
  }
}
