// What clients and what stands between them and the server are known to do differently. Each variation is one change of a
// reading; one that fits the client's signature says what it signed.
import { hash } from 'node:crypto';
import { bucketOfHost, hostName } from '../address.ts';
import type { S3Request } from '../operation.ts';
import type { Reading } from './reading.ts';

export type VariationKind = 'host' | 'path' | 'query' | 'header' | 'method' | 'payload' | 'scope' | 'time';

export type Variation = {
  readonly kind: VariationKind;
  /** such as `host-without-port` */
  readonly name: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly apply: (reading: Reading) => Reading;
};

export type Surroundings = {
  /** virtual-host bases */
  readonly domains: readonly string[];
  readonly regionNames: readonly string[];
  readonly listenerPort: number | null;
};

const EMPTY_SHA256 = hash('sha256', '', 'hex');
const MAX_PARAMETERS = 12;

export function variationsOf(request: S3Request, surroundings: Surroundings): Variation[] {
  return [
    ...hostVariations(request, surroundings),
    ...pathVariations(request, surroundings),
    ...queryVariations(request),
    ...headerVariations(request),
    ...methodVariations(request),
    ...payloadVariations(request),
    ...scopeVariations(surroundings),
    ...timeVariations(request),
  ];
}

const setHeader =
  (name: string, value: string) =>
  (reading: Reading): Reading => ({
    ...reading,
    headers: reading.headers.map(([each, old]) => [each, each === name ? value : old]),
  });

function hostVariations({ host, headers, secure }: S3Request, { domains, listenerPort }: Surroundings): Variation[] {
  const bare = hostName(host);
  const bucket = bucketOfHost(host, domains);
  const named: (readonly [name: string, value: string | undefined])[] = [
    ['host-without-port', bare],
    ['host-with-default-port', `${bare}:${secure ? 443 : 80}`],
    ['host-with-other-scheme-port', `${bare}:${secure ? 80 : 443}`],
    ['host-with-listener-port', listenerPort === null ? undefined : `${bare}:${listenerPort}`],
    ['host-as-forwarded', headers.get('x-forwarded-host')],
    ['host-with-forwarded-port', forwardedPort(bare, headers)],
    ['host-in-other-letters', host.toLowerCase()],
    ...domains.map((domain) => ['host-of-the-endpoint', domain] as const),
    ['host-without-bucket', bucket === null ? undefined : bare.slice(bucket.length + 1)],
    ['host-missing', ''],
  ];
  return named.flatMap(([name, value]) =>
    value === undefined || value === host
      ? []
      : [{ kind: 'host', name, facts: { signed: value, received: host }, apply: setHeader('host', value) } as const],
  );
}

function forwardedPort(host: string, headers: ReadonlyMap<string, string>): string | undefined {
  const port = headers.get('x-forwarded-port');
  return port === undefined ? undefined : `${host}:${port}`;
}

function pathVariations({ rawPath, host }: S3Request, { domains }: Surroundings): Variation[] {
  const bucket = bucketOfHost(host, domains);
  const firstSlash = rawPath.indexOf('/', 1);
  const named: (readonly [name: string, change: (path: string) => string])[] = [
    ['path-as-sent', () => rawPath],
    ['path-decoded', () => decoded(rawPath)],
    ['path-double-encoded', (path) => path.replaceAll('%', '%25')],
    ['path-without-final-slash', (path) => path.replace(/(.)\/$/, '$1')],
    ['path-with-final-slash', (path) => `${path.replace(/\/$/, '')}/`],
    ['path-collapsed', (path) => collapsed(path)],
    ['path-lightly-encoded', () => encodeURI(decoded(rawPath))],
    ['path-plus-for-blank', (path) => path.replaceAll('%20', '+')],
    ['path-escapes-in-small-letters', (path) => path.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase())],
    ['path-with-bucket', (path) => (bucket === null ? path : `/${bucket}${path}`)],
    ['path-without-bucket', () => (firstSlash < 0 ? '/' : rawPath.slice(firstSlash))],
    ['path-without-prefix', (path) => path.replace(/^\/[^/]+/, '') || '/'],
  ];
  return named.map(([name, change]) => ({
    kind: 'path',
    name,
    facts: {},
    apply: (reading) => ({ ...reading, path: change(reading.path) }),
  }));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** As a proxy or an HTTP library normalizes it. */
function collapsed(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  return `/${kept.join('/')}${path.endsWith('/') && kept.length > 0 ? '/' : ''}`;
}

function queryVariations({ rawQuery }: S3Request): Variation[] {
  const sent = rawQuery.split('&').filter((part) => part !== '' && !/^X-Amz-Signature=/i.test(part));
  const one = (name: string, query: (reading: Reading) => string, facts: Variation['facts'] = {}): Variation => ({
    kind: 'query',
    name,
    facts,
    apply: (reading) => ({ ...reading, query: query(reading) }),
  });
  const dropped = sent.length > MAX_PARAMETERS ? [] : sent.map((part) => part.split('=')[0] ?? '');
  return [
    one('query-not-sorted', () => sent.join('&')),
    one('query-not-sorted-encoded', ({ query }) => inOrderSent(query, sent)),
    one('query-without-equals-signs', ({ query }) => query.replace(/=(?=&|$)/g, '')),
    one('query-plus-kept', () =>
      sent
        .map((part) => part.replaceAll('+', '%2B'))
        .toSorted()
        .join('&'),
    ),
    one('query-double-encoded', ({ query }) => query.replaceAll('%', '%25')),
    one('query-not-signed', () => ''),
    ...dropped.map((name) =>
      one('query-parameter-added', ({ query }) => withoutParameter(query, name), { parameter: name }),
    ),
  ];
}

function inOrderSent(canonical: string, sent: readonly string[]): string {
  const names = sent.map((part) => part.split('=')[0] ?? '');
  const place = (pair: string): number => names.indexOf(pair.split('=')[0] ?? '');
  return canonical
    .split('&')
    .toSorted((a, b) => place(a) - place(b))
    .join('&');
}

const withoutParameter = (query: string, name: string): string =>
  query
    .split('&')
    .filter((pair) => pair.split('=')[0] !== name)
    .join('&');

/** Headers that are known to be changed on the way, and any that arrived empty or twice. */
function headerVariations({ headers }: S3Request): Variation[] {
  const guesses: Readonly<Record<string, readonly string[]>> = {
    'accept-encoding': ['identity', 'gzip', 'gzip, deflate', 'gzip, deflate, br', 'gzip,deflate', ''],
    'content-type': ['', 'application/octet-stream', 'application/xml', 'binary/octet-stream', withoutCharset(headers)],
    'content-length': ['', '0'],
    connection: ['keep-alive', 'close', 'Keep-Alive', ''],
    expect: ['100-continue', ''],
    te: ['trailers', ''],
    'transfer-encoding': ['chunked', ''],
    'user-agent': [''],
    'content-md5': [''],
    'cache-control': ['no-cache', ''],
  };
  const one = (name: string, header: string, value: string, signed: string): Variation => ({
    kind: 'header',
    name,
    facts: { header, signed },
    apply: setHeader(header, value),
  });
  const known = Object.entries(guesses).flatMap(([header, values]) =>
    values.map((value) => one('header-changed', header, value, value)),
  );
  const split = [...headers].flatMap(([header, value]) => {
    const [first = ''] = value.split(',');
    return first === value ? [] : [one('header-repeated', header, first.trim(), '')];
  });
  const spaces = [...headers].map(([header, value]) => one('header-not-trimmed', header, value, ''));
  const sorted: Variation = {
    kind: 'header',
    name: 'headers-sorted',
    facts: {},
    apply: (reading) => ({ ...reading, headers: reading.headers.toSorted(([a], [b]) => (a < b ? -1 : 1)) }),
  };
  return [...known, ...split, ...spaces, sorted];
}

const withoutCharset = (headers: ReadonlyMap<string, string>): string =>
  (headers.get('content-type') ?? '').replace(/;.*$/, '');

function methodVariations({ method }: S3Request): Variation[] {
  const others = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'].filter((other) => other !== method);
  return others.map((signed) => ({
    kind: 'method',
    name: 'other-method',
    facts: { signed, received: method },
    apply: (reading) => ({ ...reading, method: signed }),
  }));
}

function payloadVariations({ headers }: S3Request): Variation[] {
  const hashes: (readonly [name: string, value: string | undefined])[] = [
    ['payload-unsigned', 'UNSIGNED-PAYLOAD'],
    ['payload-empty', EMPTY_SHA256],
    ['payload-streaming', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'],
    ['payload-streaming-trailer', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'],
    ['payload-of-header', headers.get('x-amz-content-sha256')],
  ];
  return hashes.flatMap(([name, payloadHash]) =>
    payloadHash === undefined
      ? []
      : [{ kind: 'payload', name, facts: {}, apply: (reading: Reading) => ({ ...reading, payloadHash }) } as const],
  );
}

function scopeVariations({ regionNames }: Surroundings): Variation[] {
  const regions = [...regionNames, ...regionNames.map((name) => name.toLowerCase()), 'us-east-1', ''];
  const byRegion = regions.map(
    (region): Variation => ({
      kind: 'scope',
      name: 'signed-for-other-region',
      facts: { region },
      apply: (reading) => ({ ...reading, region }),
    }),
  );
  const byService = ['s3', 'iam', 'sts', 'execute-api', 's3express'].map(
    (service): Variation => ({
      kind: 'scope',
      name: 'signed-for-other-service',
      facts: { service },
      apply: (reading) => ({ ...reading, service }),
    }),
  );
  return [...byRegion, ...byService];
}

/** Date and X-Amz-Date may both be there, and differ. */
function timeVariations({ headers }: S3Request): Variation[] {
  const date = headers.get('date');
  const at = date === undefined ? Number.NaN : Date.parse(date);
  if (Number.isNaN(at)) return [];
  const timestamp = `${new Date(at).toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`;
  return [
    {
      kind: 'time',
      name: 'time-of-date-header',
      facts: { timestamp },
      apply: (reading) => ({ ...reading, timestamp, date: timestamp.slice(0, 8) }),
    },
  ];
}
