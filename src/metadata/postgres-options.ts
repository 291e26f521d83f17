// How PostgreSQL is reached, after the URL was parsed (src/config/postgres-url.ts).

/** `host` is a name, an address, or the folder of a Unix socket. */
export type PostgresHost = { readonly host: string; readonly port: number };

export type PostgresTls = {
  /** false: encrypted, but to whomever answers */
  readonly verifyCertificate: boolean;
  /** false: any certificate of the authorities will do */
  readonly verifyName: boolean;
  /** PEM, read at every connection; null: the authorities that Node brings */
  readonly caFile: string | null;
  /** certificate and key of this client, PEM; or null */
  readonly identity: { readonly certFile: string; readonly keyFile: string } | null;
};

export type PostgresOptions = {
  /** tried in this order until one takes writes; at least one */
  readonly hosts: readonly [PostgresHost, ...PostgresHost[]];
  readonly database: string;
  readonly user: string;
  readonly password: string | null;
  /** null: not encrypted */
  readonly tls: PostgresTls | null;
  /** the PostgreSQL schema that holds the tables */
  readonly schema: string;
  /** most connections of this process, for reads and for commits */
  readonly readConnections: number;
  readonly writeConnections: number;
  /** to one host */
  readonly connectTimeoutMs: number;
  /** how long a read or a commit waits for a connection before it is refused */
  readonly waitTimeoutMs: number;
  /** how long one statement may take */
  readonly statementTimeoutMs: number;
};

export const DEFAULT_CONNECTIONS = { readConnections: 12, writeConnections: 2 } as const;
export const DEFAULT_TIMEOUTS = { connectTimeoutMs: 3_000, waitTimeoutMs: 5_000, statementTimeoutMs: 10_000 } as const;
