// What a bucket says to browsers: who may call it from other origins, and how it is a website.

export type CorsMethod = 'GET' | 'PUT' | 'POST' | 'DELETE' | 'HEAD';

export type CorsRule = {
  readonly id: string | null;
  readonly methods: readonly CorsMethod[];
  /** each with at most one `*` */
  readonly origins: readonly string[];
  /** headers a request may carry, each with at most one `*` */
  readonly headers: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly maxAgeSeconds: number | null;
};

export type CorsConfiguration = { readonly v: 1; readonly rules: readonly CorsRule[] };

export type WebProtocol = 'http' | 'https';

export type RoutingRule = {
  /** both must hold; null: any */
  readonly condition: { readonly keyPrefix: string | null; readonly errorCode: number | null };
  readonly redirect: {
    readonly protocol: WebProtocol | null;
    readonly host: string | null;
    readonly replaceKey: { readonly with: 'key' | 'prefix'; readonly text: string } | null;
    /** null: 301 */
    readonly status: number | null;
  };
};

export type WebsiteConfiguration =
  | { readonly v: 1; readonly kind: 'redirect-all'; readonly host: string; readonly protocol: WebProtocol | null }
  | {
      readonly v: 1;
      readonly kind: 'pages';
      readonly indexSuffix: string;
      readonly errorKey: string | null;
      readonly rules: readonly RoutingRule[];
    };
