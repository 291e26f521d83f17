// What a request of the API is about, as the audit trail names it: `vstorage::ACCOUNT:s3-key/ID`, or an ARN of S3 for
// buckets and objects. It follows from the route's path, and for what was just made from its answer.
import { resourceArn } from '../../access/authorize.ts';
import type { BucketName, ObjectKey } from '../../shared/ids.ts';

export type Named = Readonly<Record<string, unknown>>;

export type ResourceFacts = {
  /** the pattern: `/api/v1/projects/:projectId/s3-keys/:id` */
  readonly url: string;
  readonly params: Named;
  readonly query: Named;
  readonly body: Named;
  /** the answer to what made something; empty otherwise */
  readonly made: Named;
  readonly accountId: string | null;
};

export type AuditedResource = {
  readonly resource: string | null;
  readonly projectId?: string;
  readonly bucket?: string;
};

export function resourceFor(facts: ResourceFacts): AuditedResource {
  const projectId = textOf(facts.params['projectId']) ?? textOf(facts.made['projectId']);
  const bucket = textOf(facts.params['bucket']);
  const place = { ...(projectId === null ? {} : { projectId }), ...(bucket === null ? {} : { bucket }) };
  if (bucket !== null) return { resource: objectArn(facts, bucket), ...place };
  const { type, id } = madeIn(facts) ?? namedIn(facts) ?? { type: null, id: null };
  const resource = type === null ? null : `vstorage::${facts.accountId ?? ''}:${type}/${id}`;
  return { resource, ...place };
}

function objectArn({ query, body, made }: ResourceFacts, bucket: string): string {
  const key = textOf(query['key']) ?? textOf(body['key']) ?? textOf(made['key']);
  return resourceArn({ bucket: bucket as BucketName, key: key as ObjectKey | null });
}

type TypedId = { readonly type: string; readonly id: string };

/** A collection that something was added to: its last segment names the type, the answer the id. */
function madeIn({ url, made }: ResourceFacts): TypedId | null {
  const last = url.split('/').at(-1) ?? '';
  if (last.startsWith(':')) return null;
  const type = singular(last);
  const first = Array.isArray(made['items']) ? made['items'][0] : made;
  const source: Named = typeof first === 'object' && first !== null ? first : {};
  const camel = type.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const id = textOf(source['id']) ?? textOf(source[`${camel}Id`]) ?? textOf(source['name']);
  return id === null ? null : { type, id };
}

/** The last parameter of the path, of the type that the segment before it names. */
function namedIn({ url, params }: ResourceFacts): TypedId | null {
  const segments = url.split('/');
  for (let index = segments.length - 1; index > 0; index--) {
    const segment = segments[index] ?? '';
    const id = segment.startsWith(':') ? textOf(params[segment.slice(1)]) : null;
    if (id !== null) return { type: singular(segments[index - 1] ?? ''), id };
  }
  return null;
}

const singular = (segment: string): string => segment.replace(/ies$/, 'y').replace(/([^s])s$/, '$1');

const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value.slice(0, 1100) : null;
