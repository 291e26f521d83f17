/** A policy document that cannot be used; `message` says what is wrong and what to write instead. */
export class MalformedPolicyError extends Error {
  override readonly name = 'MalformedPolicyError';
  /** 1-based */
  readonly line: number;
  readonly column: number;
  /** where in the document: `Statement[0].Action`; empty for the document itself */
  readonly path: string;
  /** what S3 says of it when it refuses a bucket policy: programs look for that text */
  readonly s3Message: string;

  constructor(message: string, place: { line: number; column: number; path: string; s3Message?: string }) {
    super(message);
    this.line = place.line;
    this.column = place.column;
    this.path = place.path;
    this.s3Message = place.s3Message ?? 'Invalid policy syntax.';
  }
}
