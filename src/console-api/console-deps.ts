// All that the console listener works with; made by build.ts.
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Auditor } from '../audit/auditor.ts';
import type { AuditSearch } from '../audit/search.ts';
import type { RefusalLog } from '../explain/refusal-log.ts';
import type { IdentityDeps } from '../identity/identity-deps.ts';
import type { SessionDeps } from '../identity/sessions.ts';
import type { Meter } from '../reports/meter-buffer.ts';
import type { Log } from '../observe/log.ts';
import type { Region } from '../shared/ids.ts';
import type { StorageDeps } from '../storage/storage-deps.ts';

export type RegionFacts = {
  readonly name: Region;
  /** what S3 clients connect to: `https://host:port`, no trailing slash */
  readonly endpoint: string;
  /** virtual-host bases: `<bucket>.<domain>` */
  readonly domains: readonly string[];
  /** `<bucket>.<domain>` is the bucket's website; none: there are no websites */
  readonly websiteDomains: readonly string[];
  /** names, STANDARD first */
  readonly storageClasses: readonly string[];
};

export type JobFacts = {
  readonly name: string;
  readonly state: 'running' | 'waiting' | 'failing' | 'stopped';
  readonly paused: boolean;
  readonly updatedAt: number;
};

export type ObjectSettings = {
  readonly bucketDefaults: 'aws' | 'legacy';
  /** how long a day of a restore from the archive is */
  readonly lifecycleDayMs: number;
  /** that events may go to */
  readonly webhookNames: readonly string[];
};

export type ConsoleDeps = {
  readonly identity: IdentityDeps;
  /** the region comes with each project */
  readonly storage: Omit<StorageDeps, 'region'>;
  /** what buckets and objects may be made with */
  readonly objects: ObjectSettings;
  /** First is the default. A function, because port 0 becomes a number only when the S3 listener stands. */
  readonly regions: () => readonly [RegionFacts, ...RegionFacts[]];
  /** the certificate (not the key) of the CA made at first start; null with any other TLS set-up */
  readonly localCaPem: string | null;
  /** absolute path of the built console, or null */
  readonly consoleDir: string | null;
  readonly sessionIdleMs: number;
  /** mail can be sent: invitations, password resets */
  readonly mailEnabled: boolean;
  /** anybody may make a root account */
  readonly selfSignUp: boolean;
  /** identity providers over plain HTTP on loopback */
  readonly oidcAllowHttp: boolean;
  /** proxies whose X-Forwarded-… headers are believed; null: TLS ends here, none are */
  readonly trustedProxies: readonly string[] | null;
  /** one record of every request */
  readonly audit: Omit<Auditor, typeof Symbol.asyncDispose>;
  readonly auditSearch: AuditSearch;
  /** the server's background jobs, by name */
  readonly listJobs: () => Promise<readonly JobFacts[]>;
  /** why requests were refused */
  readonly refusals: Pick<RefusalLog, 'note'>;
  /** requests and bytes of every bucket, for the reports */
  readonly meter: Pick<Meter, 'count'>;
  readonly log: Log;
};

export const sessionDeps = ({ identity, sessionIdleMs }: ConsoleDeps): SessionDeps => ({
  store: identity.store,
  clock: identity.clock,
  masterKey: identity.masterKey,
  sessionIdleMs,
});

/** The Fastify instance that routes are added to: bodies, parameters and answers typed by their zod schemas. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;
