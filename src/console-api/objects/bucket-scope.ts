// What every route below /projects/{projectId}/buckets/{bucket} begins with: the bucket, and who is at work on it.
import type { FastifyRequest } from 'fastify';
import { findExternalBucket } from '../../access/external-buckets.ts';
import { actAs, type S3Actor } from '../../access/s3-actor.ts';
import { originOf } from '../../events/origin-of.ts';
import { queueEvents } from '../../events/outbox.ts';
import type { ProjectRecord } from '../../metadata/tables/identities.ts';
import type { BucketRecord } from '../../metadata/tables/objects.ts';
import { ProblemError } from '../../shared/errors.ts';
import type { BucketName } from '../../shared/ids.ts';
import { findBucket } from '../../storage/buckets.ts';
import type { StorageDeps } from '../../storage/storage-deps.ts';
import { callerOf } from '../caller.ts';
import type { ConsoleDeps, RegionFacts } from '../console-deps.ts';
import { projectOf, regionOf } from '../projects-of.ts';

export type ProjectScope = {
  readonly project: ProjectRecord;
  readonly region: RegionFacts;
  readonly storage: StorageDeps;
  readonly actor: S3Actor;
};
export type BucketScope = ProjectScope & { readonly bucket: BucketRecord };

/** What an S3 request of the same meaning would carry: conditions of policies may ask about it. */
export type AsIf = {
  /** the S3 operation, as events name it */
  readonly operation: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string | undefined>>;
};

export async function projectScope(
  deps: ConsoleDeps,
  request: FastifyRequest,
  projectId: string,
  asIf: AsIf,
): Promise<ProjectScope> {
  const { identity, facts } = callerOf(request);
  const project = await projectOf(deps, identity.accountId, projectId);
  if (project.trashedAt !== null) {
    throw new ProblemError(409, 'project-in-trash', 'This project is in the trash. Restore it to use its buckets.');
  }
  const headers = Object.entries(asIf.headers ?? {}).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const query = new Map(Object.entries(asIf.query ?? {}));
  const region = regionOf(deps, project);
  const actor = actAs(deps.storage, identity, {
    ...facts,
    query,
    headers: new Map([...facts.headers, ...headers]),
    requestedRegion: region.name,
  });
  const origin = originOf(identity, { sourceIpAddress: facts.clientAddress, requestId: request.id });
  const announce = queueEvents(deps.storage.clock, { by: 'request', operation: asIf.operation }, origin);
  return { project, region, actor, storage: { ...deps.storage, region: region.name, announce } };
}

const unknown = (): ProblemError => new ProblemError(404, 'no-such-bucket', 'This project has no bucket of this name.');

async function findOwn({ storage, project }: ProjectScope, name: string): Promise<BucketRecord | undefined> {
  const bucket = await findBucket(storage, name as BucketName);
  return bucket?.projectId === project.projectId ? bucket : undefined;
}

/** Another project's bucket is as unknown as none. */
export async function bucketIn(scope: ProjectScope, name: string): Promise<BucketRecord> {
  const own = await findOwn(scope, name);
  if (own === undefined) throw unknown();
  return own;
}

/** For objects: buckets that another account shares and that were added to the project are found, too. */
export async function sharedBucketIn(scope: ProjectScope, name: string): Promise<BucketRecord> {
  const { storage, project } = scope;
  const own = await findOwn(scope, name);
  const found = own ?? (await findExternalBucket(storage, project, storage.region, name as BucketName));
  if (found === undefined) throw unknown();
  return found;
}

type Named = { readonly projectId: string; readonly bucket: string };
type BucketRequest = FastifyRequest<{ Params: Named }>;

/** The project's own bucket. */
export const bucketScope = (deps: ConsoleDeps, request: BucketRequest, asIf: AsIf): Promise<BucketScope> =>
  scopeWith(bucketIn, deps, request, asIf);

/** The project's own bucket, or one of another account that was added to it. */
export const sharedBucketScope = (deps: ConsoleDeps, request: BucketRequest, asIf: AsIf): Promise<BucketScope> =>
  scopeWith(sharedBucketIn, deps, request, asIf);

async function scopeWith(
  find: typeof bucketIn,
  deps: ConsoleDeps,
  request: BucketRequest,
  asIf: AsIf,
): Promise<BucketScope> {
  const { projectId, bucket } = request.params;
  const scope = await projectScope(deps, request, projectId, asIf);
  const found = await find(scope, bucket);
  request.meteredBucket = found;
  request.sentBefore = request.raw.socket?.bytesWritten ?? 0;
  return { ...scope, bucket: found };
}
