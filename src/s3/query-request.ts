// Requests of the IAM and STS Query APIs arrive on the S3 listener too: `POST /` (or GET) with `Action=…`. They are told
// from S3's by the service in their signature; what is not signed is told by its Action, which S3 does not have.
import type { QueryService } from '../access/query-call.ts';
import { S3Error } from '../shared/errors.ts';
import type { S3Request } from './operation.ts';
import { parseQuery } from './query.ts';

/** Room for the longest policy AWS takes, every character escaped, and for what is refused as too long by name. */
const MAX_FORM_BYTES = 1024 * 1024;
const MAX_PARAMETERS = 2000;
const SCOPE = /\/\d{8}\/[^/]*\/(iam|sts)\/aws4_request/;

export type QueryKind = { readonly service: QueryService | null };

/** null: a request to S3. */
export function queryKindOf(request: S3Request): QueryKind | null {
  if (request.rawPath !== '/' || (request.method !== 'POST' && request.method !== 'GET')) return null;
  const authorization = request.headers.get('authorization');
  const credential = authorization ?? request.query.get('X-Amz-Credential');
  const [, service] = SCOPE.exec(credential ?? '') ?? [];
  if (service === 'iam' || service === 'sts') return { service };
  return credential === undefined && request.bucket === null && hasAction(request) ? { service: null } : null;
}

function hasAction(request: S3Request): boolean {
  if (request.query.has('Action')) return true;
  return request.method === 'POST' && isForm(request);
}

const isForm = (request: S3Request): boolean =>
  /^application\/x-www-form-urlencoded\b/i.test(request.headers.get('content-type') ?? '');

export async function readQueryBody(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > MAX_FORM_BYTES) {
      throw new S3Error('MaxMessageLengthExceeded', { fields: { MaxMessageLengthBytes: String(MAX_FORM_BYTES) } });
    }
    parts.push(chunk);
  }
  return Buffer.concat(parts, sizeBytes);
}

/** Those of the query string and the form; each may stand only once, for which of two counts would be a guess. */
export function queryParameters(request: S3Request, body: Buffer): ReadonlyMap<string, string> {
  const form = parseQuery(body.toString('latin1'), MAX_PARAMETERS);
  for (const name of request.query.keys()) {
    if (form.has(name)) throw new S3Error('InvalidArgument', { fields: { ArgumentName: name } });
  }
  return new Map([...request.query, ...form]);
}
