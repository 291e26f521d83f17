// CORS: what browsers are told about requests from other origins, on every answer of a bucket, errors included.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
import type { BucketRecord } from '../metadata/tables/objects.ts';
import type { CorsConfiguration } from '../metadata/tables/web.ts';
import { S3Error } from '../shared/errors.ts';
import { configurationsOf, knownConfigurations } from '../storage/bucket-configurations.ts';
import { findBucket } from '../storage/buckets.ts';
import { type CorsGrant, type CrossOriginCall, findCorsGrant } from '../storage/cors.ts';
import type { S3Reply, S3Request } from './operation.ts';
import type { S3Services } from './services.ts';

const METHODS = new Set(['GET', 'PUT', 'POST', 'DELETE', 'HEAD']);

// Also where there is no Origin: a cache must not give that answer to a page of another origin, which needs more.
const VARY = 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method';

function requestedHeaders(request: S3Request): readonly string[] {
  const text = request.headers.get('access-control-request-headers') ?? '';
  return text.split(',').flatMap((name) => name.trim().toLowerCase() || []);
}

/** Outside of preflights too, S3 takes Access-Control-Request-Method for the method when it is there. */
function callOf(request: S3Request, origin: string): CrossOriginCall {
  const method = request.headers.get('access-control-request-method') ?? request.method;
  return { origin, method, headers: requestedHeaders(request) };
}

function grantHeaders({ origin, rule }: CorsGrant, headers: readonly string[]): Record<string, string> {
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': rule.methods.join(', '),
    ...(origin === '*' ? {} : { 'access-control-allow-credentials': 'true' }),
    ...(headers.length === 0 ? {} : { 'access-control-allow-headers': headers.join(', ') }),
    ...(rule.exposeHeaders.length === 0 ? {} : { 'access-control-expose-headers': rule.exposeHeaders.join(', ') }),
    ...(rule.maxAgeSeconds === null ? {} : { 'access-control-max-age': String(rule.maxAgeSeconds) }),
  };
}

/** Whether it is known without asking that `crossOriginHeaders` are none, as they are of most buckets. */
export function isWithoutCors(services: S3Services, request: S3Request | null, bucket: BucketRecord | null): boolean {
  if (request === null || request.bucket === null) return true;
  if (bucket === null) return !request.headers.has('origin');
  const known = knownConfigurations(services, bucket);
  return known !== undefined && known.cors === undefined;
}

/**
 * Of any answer. `bucket` null: it was not loaded, because the request was refused before; only those of other origins
 * make it worth a look then.
 */
export async function crossOriginHeaders(
  services: S3Services,
  request: S3Request | null,
  bucket: BucketRecord | null,
): Promise<Record<string, string>> {
  if (request === null || request.bucket === null) return {};
  const origin = request.headers.get('origin');
  if (bucket === null && origin === undefined) return {};
  const cors = await corsOf(services, bucket ?? (await findBucket(services, request.bucket)));
  if (cors === undefined) return {};
  const call = origin === undefined ? null : callOf(request, origin);
  const grant = call === null ? undefined : findCorsGrant(cors, call);
  return { vary: VARY, ...(call === null || grant === undefined ? {} : grantHeaders(grant, call.headers)) };
}

async function corsOf(services: S3Services, bucket: BucketRecord | undefined): Promise<CorsConfiguration | undefined> {
  return bucket === undefined ? undefined : (await configurationsOf(services, bucket)).cors;
}

const badRequest = (message: string): S3Error => new S3Error('BadRequest', { message });

function forbidden(request: S3Request, method: string, message: string): S3Error {
  const fields = { Method: method, ResourceType: request.key === null ? 'BUCKET' : 'OBJECT' };
  return new S3Error('AccessForbidden', { message: `CORSResponse: ${message}`, fields });
}

/** A browser asks before it sends. Nobody signs that, and it tells nothing but what the bucket's owner set. */
export async function answerPreflight(services: S3Services, request: S3Request): Promise<S3Reply> {
  const origin = request.headers.get('origin');
  if (!origin) throw badRequest('Insufficient information. Origin request header needed.');
  const method = request.headers.get('access-control-request-method');
  if (method === undefined || !METHODS.has(method)) {
    throw badRequest(`Invalid Access-Control-Request-Method: ${method ?? 'null'}`);
  }
  if (request.bucket === null) throw forbidden(request, method, 'CORS is not enabled for this bucket.');
  const bucket = await findBucket(services, request.bucket);
  if (bucket === undefined) {
    throw new S3Error('NoSuchBucket', {
      message: 'CORSResponse: Bucket not found',
      fields: { BucketName: request.bucket },
    });
  }
  const cors = await corsOf(services, bucket);
  if (cors === undefined) throw forbidden(request, method, 'CORS is not enabled for this bucket.');
  if (findCorsGrant(cors, callOf(request, origin)) !== undefined) return { status: 200 };
  throw forbidden(
    request,
    method,
    "This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
  );
}
