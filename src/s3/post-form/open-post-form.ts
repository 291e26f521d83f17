// From the body of a form upload to a request whose sender is known, and whose body is the file. Of the file nothing is
// read before the request is allowed.
import { S3Error } from '../../shared/errors.ts';
import type { AuthenticateDeps } from '../auth/authenticate.ts';
import { authenticateForm } from '../auth/authenticate-form.ts';
import { checkPostPolicy, type LengthRange, parsePostPolicy, type PostPolicy } from '../auth/post-policy.ts';
import { type Form, type FormFile, parseBoundary, readForm } from '../body/form-data.ts';
import { openBody } from '../body/open-body.ts';
import type { VerifiedBody } from '../body/verified-body.ts';
import type { Call } from '../call.ts';
import type { S3Request } from '../operation.ts';
import { requireBucketName } from '../require.ts';
import { formRequest, withFilename } from './form-request.ts';
import { readAhead } from './read-ahead.ts';

export type PostForm = Call & AsyncDisposable;

export type FormStorage = { /** bodies up to this many bytes are stored as small ones */ readonly inlineBytes: number };

/** Errors: those of the form, its signature and its policy. */
export async function openPostForm(
  storage: FormStorage,
  deps: AuthenticateDeps,
  request: S3Request,
  incoming: AsyncIterable<Uint8Array>,
): Promise<PostForm> {
  const boundary = parseBoundary(request.headers.get('content-type') ?? '');
  const form = await readForm(boundary, incoming);
  try {
    return {
      ...(await toCall(storage, deps, request, form)),
      [Symbol.asyncDispose]: () => form[Symbol.asyncDispose](),
    };
  } catch (error) {
    await form[Symbol.asyncDispose]();
    throw error;
  }
}

async function toCall(
  storage: FormStorage,
  deps: AuthenticateDeps,
  request: S3Request,
  { fields, file }: Form,
): Promise<Call> {
  if (file === null) throw notOneFile();
  const asked = formRequest(request, fields, file.filename);
  const principal = await authenticateForm(deps, fields);
  const policyText = fields.get('policy');
  const policy = policyText === undefined ? null : parsePostPolicy(policyText);
  if (policy !== null) checkPostPolicy(policy, checkedFields(request, fields, file), deps.clock());
  const chunks = withinLengths(file.chunks, policy);
  return { request: asked, principal, openBody: () => openFile(storage, asked, chunks) };
}

async function openFile(
  { inlineBytes }: FormStorage,
  request: S3Request,
  file: AsyncIterable<Uint8Array>,
): Promise<VerifiedBody> {
  const { chunks, sizeBytes } = await readAhead(file, inlineBytes);
  const length: [string, string][] = sizeBytes === null ? [] : [['content-length', String(sizeBytes)]];
  return openBody({ kind: 'unsigned' }, { ...request, headers: new Map([...request.headers, ...length]) }, chunks);
}

function notOneFile(): S3Error {
  return new S3Error('InvalidArgument', {
    message: 'POST requires exactly one file upload per request.',
    fields: { ArgumentName: 'file', ArgumentValue: '0' },
  });
}

/** As the policy sees them: the bucket is the one that is asked for, whatever a field says. */
function checkedFields(
  request: S3Request,
  fields: ReadonlyMap<string, string>,
  { filename }: FormFile,
): ReadonlyMap<string, string> {
  const checked = new Map([...fields].map(([name, value]) => [name, withFilename(value, filename)]));
  return checked.set('bucket', requireBucketName(request));
}

function withinLengths(chunks: AsyncIterable<Uint8Array>, policy: PostPolicy | null): AsyncIterable<Uint8Array> {
  const lengths = policy?.lengths ?? [];
  if (lengths.length === 0) return chunks;
  const minBytes = Math.max(...lengths.map((range) => range.minBytes));
  const maxBytes = Math.min(...lengths.map((range) => range.maxBytes));
  return { [Symbol.asyncIterator]: () => measured(chunks, { minBytes, maxBytes }) };
}

async function* measured(
  chunks: AsyncIterable<Uint8Array>,
  { minBytes, maxBytes }: LengthRange,
): AsyncGenerator<Uint8Array> {
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) {
      const fields = { ProposedSize: String(sizeBytes), MaxSizeAllowed: String(maxBytes) };
      throw new S3Error('EntityTooLarge', { fields });
    }
    yield chunk;
  }
  if (sizeBytes >= minBytes) return;
  const fields = { ProposedSize: String(sizeBytes), MinSizeAllowed: String(minBytes) };
  throw new S3Error('EntityTooSmall', { fields });
}
