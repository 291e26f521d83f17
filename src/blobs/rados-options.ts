// How a Ceph cluster is reached, and where in it blobs are, after the URL was parsed (src/config/rados-url.ts).

export type RadosClusterOptions = {
  /** ceph.conf: monitors and keyring */
  readonly confFile: string;
  /** the user without `client.` */
  readonly clientId: string;
  /** of one call to the cluster, also of the first */
  readonly timeoutMs: number;
};

export type RadosPoolOptions = {
  readonly pool: string;
  readonly namespace: string;
};
