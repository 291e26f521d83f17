// A bucket as a website: pages that anonymous visitors may read, an index for folders, redirects, and error pages.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteHosting.html
import type { WebsiteConfiguration } from '../../metadata/tables/web.ts';
import { S3Error } from '../../shared/errors.ts';
import { configurationsOf } from '../../storage/bucket-configurations.ts';
import { findBucket } from '../../storage/buckets.ts';
import { parseKey } from '../address.ts';
import type { S3Reply, S3Request } from '../operation.ts';
import { toS3Error } from '../render-error.ts';
import type { ReplyIds } from '../reply.ts';
import { requireBucketName } from '../require.ts';
import type { S3Services } from '../services.ts';
import { errorHtml, websiteErrorHeaders } from './html-errors.ts';
import { findRule, followRule, redirect, redirectAll } from './redirects.ts';

export type WebsiteDeps = {
  readonly services: S3Services;
  readonly ids: ReplyIds;
  /** GetObject or HeadObject by nobody in particular, through the pipeline */
  readonly read: (request: S3Request) => Promise<S3Reply>;
};

type Pages = Extract<WebsiteConfiguration, { kind: 'pages' }>;

const REDIRECT_LOCATION = 'x-amz-website-redirect-location';

export async function serveWebsite(deps: WebsiteDeps, request: S3Request): Promise<S3Reply> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    throw new S3Error('MethodNotAllowed', { fields: { Method: request.method }, headers: { allow: 'GET, HEAD' } });
  }
  const site = await getWebsite(deps.services, request);
  if (site.kind === 'redirect-all') return redirectAll(site, request);
  const key = request.key ?? '';
  const early = findRule(site.rules, key, null);
  if (early !== undefined) return followRule(early, request, key);
  try {
    return await readPage(deps, site, request, key);
  } catch (cause) {
    const error = toS3Error(cause);
    const late = findRule(site.rules, key, error.status);
    if (late !== undefined) return followRule(late, request, key);
    if (error.status >= 500 || site.errorKey === null) throw cause;
    return errorPage(deps, request, site.errorKey, error);
  }
}

async function getWebsite(services: S3Services, request: S3Request): Promise<WebsiteConfiguration> {
  const name = requireBucketName(request);
  const bucket = await findBucket(services, name);
  if (bucket === undefined) throw new S3Error('NoSuchBucket', { fields: { BucketName: name } });
  const { website } = await configurationsOf(services, bucket);
  if (website === undefined) throw new S3Error('NoSuchWebsiteConfiguration', { fields: { BucketName: name } });
  return website;
}

async function readPage(deps: WebsiteDeps, site: Pages, request: S3Request, key: string): Promise<S3Reply> {
  const isFolder = key === '' || key.endsWith('/');
  try {
    const reply = await deps.read(pageRequest(request, isFolder ? key + site.indexSuffix : key));
    const location = reply.headers?.[REDIRECT_LOCATION];
    if (location === undefined) return reply;
    await discard(reply);
    return redirect(301, location);
  } catch (cause) {
    const { status } = toS3Error(cause);
    const mayBeFolder = !isFolder && (status === 403 || status === 404);
    if (mayBeFolder && (await isReadable(deps, request, `${key}/${site.indexSuffix}`))) {
      return redirect(302, `${request.rawPath}/`);
    }
    throw cause;
  }
}

/** Sub-resources, versions and signatures mean nothing to a website. */
function pageRequest(request: S3Request, key: string): S3Request {
  const headers = new Map(
    [...request.headers].filter(([name]) => name !== 'authorization' && !name.startsWith('x-amz-')),
  );
  return { ...request, headers, key: parseKey(key), query: new Map(), rawQuery: '' };
}

async function isReadable(deps: WebsiteDeps, request: S3Request, key: string): Promise<boolean> {
  try {
    await deps.read({ ...pageRequest(request, key), method: 'HEAD', headers: unconditional(request) });
    return true;
  } catch (cause) {
    if (toS3Error(cause).status >= 500) throw cause;
    return false;
  }
}

/** Conditions and ranges were about the page, not about another in its place. */
function unconditional({ headers }: S3Request): ReadonlyMap<string, string> {
  const kept = ['host', 'user-agent', 'referer', 'origin'];
  return new Map([...headers].filter(([name]) => kept.includes(name)));
}

async function errorPage(deps: WebsiteDeps, request: S3Request, errorKey: string, error: S3Error): Promise<S3Reply> {
  try {
    const reply = await deps.read({ ...pageRequest(request, errorKey), headers: unconditional(request) });
    return { ...reply, status: error.status, headers: { ...reply.headers, ...websiteErrorHeaders(error) } };
  } catch (cause) {
    const body = Buffer.from(errorHtml(error, deps.ids, toS3Error(cause)));
    const headers = { ...websiteErrorHeaders(error), 'content-type': 'text/html; charset=utf-8' };
    return { status: error.status, headers, body };
  }
}

async function discard({ body }: S3Reply): Promise<void> {
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) return;
  await body[Symbol.asyncIterator]().return?.();
}
