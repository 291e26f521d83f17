// A file uploaded by an HTML form. https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
// The pipeline has made the form a request already (post-form/): from here on it is a PutObject with other answers.
import { newObjectPermissions } from '../new-object.ts';
import type { OperationContext, S3Reply, S3Request } from '../operation.ts';
import { declare } from '../operation.ts';
import { findHeader } from '../parameters.ts';
import { FORM_SIGNATURE } from '../post-form/form-request.ts';
import { requireBucket } from '../require.ts';
import { element, group, XML_DECLARATION } from '../xml/write.ts';
import { parsePut, put } from './put-object.ts';

type Success =
  | { readonly kind: 'redirect'; readonly url: URL }
  | { readonly kind: 'status'; readonly status: 200 | 201 | 204 };

/** What cannot be understood is ignored, as S3 does: the upload itself was fine. */
function parseSuccess(request: S3Request): Success {
  const address = findHeader(request, 'success_action_redirect') ?? findHeader(request, 'redirect') ?? '';
  const url = URL.parse(address);
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return { kind: 'redirect', url };
  const status = findHeader(request, 'success_action_status');
  return { kind: 'status', status: status === '200' ? 200 : status === '201' ? 201 : 204 };
}

/** Where the object is, in the style in which the form addressed its bucket. */
function locationOf({ secure, host, rawPath }: S3Request, key: string): string {
  const path = rawPath.endsWith('/') ? rawPath : `${rawPath}/`;
  return `${secure ? 'https' : 'http'}://${host}${path}${key.split('/').map(encodeURIComponent).join('/')}`;
}

function redirectTo(url: URL, bucket: string, key: string, etag: string): string {
  const facts = { bucket, key, etag };
  const query = Object.entries(facts).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const before = url.search === '' ? [] : [url.search.slice(1)];
  return `${url.origin}${url.pathname}?${[...before, ...query].join('&')}${url.hash}`;
}

function answer(success: Success, context: OperationContext, key: string, stored: S3Reply): S3Reply {
  const bucket = requireBucket(context).name;
  const etag = stored.headers?.['etag'] ?? '';
  if (success.kind === 'redirect') {
    return { status: 303, headers: { ...stored.headers, location: redirectTo(success.url, bucket, key, etag) } };
  }
  const location = locationOf(context.request, key);
  const headers = { ...stored.headers, location };
  if (success.status !== 201) return { status: success.status, headers };
  const facts = [element('Location', location), element('Bucket', bucket), element('Key', key), element('ETag', etag)];
  return { status: 201, headers, body: XML_DECLARATION + group('PostResponse', ...facts) };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html */
function signatureContext(request: S3Request): Record<string, string> {
  const version = request.headers.get(FORM_SIGNATURE);
  return version === undefined ? {} : { 's3:authtype': 'POST', 's3:signatureversion': version };
}

export const postObject = declare({
  name: 'PostObject',
  target: 'bucket',
  method: 'POST',
  match: [],
  form: true,
  bucketMustExist: true,
  implemented: 'yes',
  input: (request) => ({ put: parsePut(request), success: parseSuccess(request) }),
  permissions: (input, request) => {
    const context = signatureContext(request);
    const [write, ...more] = newObjectPermissions(input.put);
    return [{ ...write, context }, ...more.map((permission) => ({ ...permission, context }))];
  },
  run: async (input, context) => {
    const stored = await put(input.put, context);
    return answer(input.success, context, input.put.key, stored);
  },
});
