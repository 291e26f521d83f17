// What `vstorage serve` runs on, after flags, environment and vstorage.yaml were read and validated (load.ts).
import type { LogLevel } from '../observe/log.ts';
import type { Region } from '../shared/ids.ts';

export type HostPort = { readonly host: string; readonly port: number };

export type TlsConfig =
  /** `names`: more than localhost, the loopback addresses and the regions' domains */
  | { readonly kind: 'local-ca'; readonly names: readonly string[] }
  | { readonly kind: 'files'; readonly certFile: string; readonly keyFile: string }
  /** plain HTTP, only behind a TLS-terminating proxy */
  | { readonly kind: 'behind-proxy'; readonly trustedProxies: readonly string[] };

export type RegionConfig = {
  readonly name: Region;
  /** virtual-host bases: `<bucket>.<domain>`; a request whose Host is one of them, or below one, is for this region */
  readonly domains: readonly string[];
  /** `<bucket>.<domain>` is the bucket's website; none of them is a region's domain */
  readonly websiteDomains: readonly string[];
  /** what clients are told to connect to; null: its first domain, at the port listened on */
  readonly endpoint: string | null;
  /** its own place of bytes; null: with the others, under its name */
  readonly blobs: BlobPlace | null;
  /** STANDARD first, the built-in ones always among them */
  readonly storageClasses: readonly StorageClassConfig[];
};

export type Limits = {
  readonly 'keys-per-account': number;
  readonly 'projects-per-account': number;
  readonly 'buckets-per-project': number;
  readonly 'users-per-account': number;
  readonly 'groups-per-account': number;
  readonly 'groups-per-user': number;
  readonly 'service-accounts-per-account': number;
  readonly 'policies-per-account': number;
  /** attached to one user, group, service account or role */
  readonly 'policies-per-identity': number;
  readonly 'roles-per-account': number;
  readonly 'openid-providers-per-account': number;
  /** of an IAM user, over the IAM API */
  readonly 'access-keys-per-user': number;
  /** that have not expired yet */
  readonly 'temporary-keys-per-account': number;
};

export type LmdbPlace = { readonly kind: 'lmdb' /** absolute */; readonly path: string };

/** What each means: src/metadata/postgres-options.ts. */
export type PostgresPlace = {
  readonly kind: 'postgres';
  readonly hosts: readonly [HostPort, ...HostPort[]];
  readonly database: string;
  readonly user: string;
  readonly password: string | null;
  /** null: not encrypted */
  readonly tls: {
    readonly verifyCertificate: boolean;
    readonly verifyName: boolean;
    readonly caFile: string | null;
    readonly identity: { readonly certFile: string; readonly keyFile: string } | null;
  } | null;
  readonly schema: string;
  readonly readConnections: number;
  readonly writeConnections: number;
  readonly connectTimeoutMs: number;
  readonly waitTimeoutMs: number;
  readonly statementTimeoutMs: number;
};

export type FilesPlace = { readonly kind: 'files' /** absolute */; readonly path: string };

/** What each means: src/blobs/rados-options.ts. */
export type RadosPlace = {
  readonly kind: 'rados';
  readonly pool: string;
  readonly namespace: string;
  readonly confFile: string;
  readonly clientId: string;
  readonly timeoutMs: number;
};

export type BlobPlace = FilesPlace | RadosPlace;

/** A storage class and where the bytes of its objects are. */
export type StorageClassConfig = {
  readonly name: string;
  /** null: with the other classes of the region, under its name */
  readonly place: BlobPlace | null;
};

/** A webhook that buckets may send their events to. The secret stands in the file's first line. */
export type EventTargetConfig = { readonly name: string; readonly url: string; readonly secretFile: string };

/** The server that sends mail. Its password stands in the file's first line. */
export type MailConfig = {
  readonly host: string;
  readonly port: number;
  /** `none`: plain, on this machine only */
  readonly security: 'tls' | 'starttls' | 'none';
  readonly user: string | null;
  readonly from: string;
  /** absolute paths */
  readonly passwordFile: string | null;
  readonly caFile: string | null;
};

/** Where the audit trail is sent. The secret stands in the file's first line. */
export type AuditTargetConfig =
  | { readonly name: string; readonly kind: 'webhook'; readonly url: string; readonly secretFile: string }
  | {
      readonly name: string;
      readonly kind: 'syslog';
      readonly protocol: 'tls' | 'tcp' | 'udp';
      readonly host: string;
      readonly port: number;
    };

export type StoreConfig = {
  /** absolute path */
  readonly dataDir: string;
  readonly metadata: LmdbPlace | PostgresPlace;
  readonly blobs: BlobPlace;
  /** of regions that name none; STANDARD first, the built-in ones always among them */
  readonly storageClasses: readonly StorageClassConfig[];
  readonly masterKey: { readonly kind: 'file'; readonly path: string } | { readonly kind: 'environment' };
  readonly limits: Limits;
  /** names SSE-KMS requests may use */
  readonly kmsKeys: readonly string[];
  /** first is the default region; at least one */
  readonly regions: readonly [RegionConfig, ...RegionConfig[]];
  /** bodies up to this many bytes stand in the metadata store */
  readonly inlineBytes: number;
  /** writes answer 507 while the file system has less free than this */
  readonly reserveBytes: number;
  readonly logLevel: LogLevel;
};

export type ServeConfig = StoreConfig & {
  readonly s3Listen: HostPort;
  readonly consoleListen: HostPort;
  readonly strictRegion: boolean;
  readonly refuseSignatureV2: boolean;
  readonly rootEmail: string;
  readonly rootPasswordFile: string | null;
  readonly tls: TlsConfig;
  readonly bucketDefaults: 'aws' | 'legacy';
  readonly eventTargets: readonly EventTargetConfig[];
  /** absolute path of further certificate authorities for them, or null */
  readonly eventCaFile: string | null;
  readonly auditTargets: readonly AuditTargetConfig[];
  /** how long the audit trail keeps records */
  readonly auditRetentionMs: number;
  /** how often server access logs are delivered */
  readonly accessLogIntervalMs: number;
  /** how long lifecycle rules take a day to be */
  readonly lifecycleDayMs: number;
  readonly workers: number;
  readonly sessionIdleMs: number;
  /** origin of the console for links in mails; null: `https://localhost:PORT` */
  readonly consoleUrl: string | null;
  /** null: no mail is sent */
  readonly mail: MailConfig | null;
  /** anybody may make a root account */
  readonly selfSignUp: boolean;
  /** identity providers over plain HTTP on loopback */
  readonly oidcAllowHttp: boolean;
  /** absolute path of the built console, or null when it is not built */
  readonly consoleDir: string | null;
  /** a bearer token for /metrics; null: loopback only */
  readonly metricsToken: string | null;
};
