// zod schemas for one setting's text. Messages follow the setting's name: `--workers "x": must be …`.
import { isIP } from 'node:net';
import * as z from 'zod';
import type { HostPort } from './config.ts';
import { parseDuration } from '../shared/duration.ts';

const BYTE_UNITS: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
};
const LABEL = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
const DOMAIN = new RegExp(`^${LABEL}(\\.${LABEL})*$`);

/** A schema from a function that answers undefined for text it does not take. */
function parsed<T>(parse: (text: string) => T | undefined, message: string): z.ZodType<T, string> {
  return z.string().transform((text, context): T => {
    const value = parse(text.trim());
    if (value !== undefined) return value;
    context.issues.push({ code: 'custom', message, input: text });
    return z.NEVER;
  });
}

export const text = (): z.ZodType<string, string> => z.string().min(1, 'must not be empty');

export const count = (min: number, max: number): z.ZodType<number, string> =>
  parsed(
    (value) => (/^\d{1,15}$/.test(value) && Number(value) >= min && Number(value) <= max ? Number(value) : undefined),
    `must be a whole number from ${min} to ${max}`,
  );

export function parseBytes(value: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?) ?([A-Za-z]{0,3})$/.exec(value);
  const unit = BYTE_UNITS[match?.[2] ?? ''];
  const bytes = Math.round(Number(match?.[1]) * (unit ?? Number.NaN));
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

export const bytes = (min: number, max: number): z.ZodType<number, string> =>
  parsed((value) => {
    const size = parseBytes(value);
    return size !== undefined && size >= min && size <= max ? size : undefined;
  }, `must be a size such as 512MiB, from ${min} to ${max} bytes`);

export const duration = (minMs: number, maxMs: number): z.ZodType<number, string> =>
  parsed(
    (value) => {
      const ms = parseDuration(value);
      return ms !== null && ms >= minMs && ms <= maxMs ? ms : undefined;
    },
    `must be a time such as 30s, 15m or 24h, from ${minMs / 1000} s to ${maxMs / 1000} s`,
  );

export const flag = (): z.ZodType<boolean, string> =>
  parsed(
    (value) => (/^(true|1|yes|on)$/i.test(value) ? true : /^(false|0|no|off)$/i.test(value) ? false : undefined),
    'must be true or false',
  );

export const oneOf = <const T extends string>(...choices: readonly T[]): z.ZodType<T, string> =>
  parsed((value) => choices.find((choice) => choice === value), `must be one of ${choices.join(', ')}`);

/** `127.0.0.1:9000`, `[::1]:9000`, `localhost:0` */
export const hostPort = (): z.ZodType<HostPort, string> =>
  parsed((value) => {
    const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(value);
    const host = match?.[1] ?? match?.[2];
    const port = Number(match?.[3]);
    if (host === undefined || port > 65_535) return undefined;
    return isIP(host) || DOMAIN.test(host.toLowerCase()) ? { host, port } : undefined;
  }, 'must be host:port, for example 0.0.0.0:9000 or [::1]:9000 (port 0 picks a free one)');

export const regionName = (): z.ZodType<string, string> =>
  parsed(
    (value) => (/^[A-Za-z0-9][A-Za-z0-9-]{0,31}$/.test(value) ? value.toUpperCase() : undefined),
    'must be a region name of letters, digits and hyphens, for example HAN02',
  );

export const domain = (): z.ZodType<string, string> =>
  parsed((value) => {
    const name = value.toLowerCase();
    return name.length <= 253 && DOMAIN.test(name) && !isIP(name) ? name : undefined;
  }, 'must be a domain name such as s3.example.com, without scheme, port or *');

/** `https://s3.example.com`, `https://10.0.0.7:9000` */
export const origin = (): z.ZodType<string, string> =>
  parsed((value) => {
    const url = URL.parse(value);
    return url !== null && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/` ? url.origin : undefined;
  }, 'must be https://HOST or https://HOST:PORT, without a path');

export const nameOrAddress = (): z.ZodType<string, string> =>
  parsed((value) => {
    const name = value.toLowerCase();
    return isIP(name) || DOMAIN.test(name.replace(/^\*\./, '')) ? name : undefined;
  }, 'must be a domain name or an IP address');

/** of a key for SSE-KMS: what a client may write in a header, without the slash of `alias/` and `aws/s3` */
export const keyName = (): z.ZodType<string, string> =>
  parsed(
    (value) => (/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(value) ? value : undefined),
    'must be a name of letters, digits, dots, hyphens and underscores, for example backups-2026',
  );

/** an address, or a network in CIDR notation */
export const network = (): z.ZodType<string, string> =>
  parsed((value) => {
    const [address = '', bits, ...rest] = value.split('/');
    const family = isIP(address);
    const widest = family === 6 ? 128 : 32;
    const valid =
      family > 0 && rest.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && +bits <= widest));
    return valid ? value : undefined;
  }, 'must be an address or a network such as 10.0.0.0/8');

export const email = (): z.ZodType<string, string> =>
  parsed(
    (value) => (/^[^\s@]{1,64}@[^\s@]{1,189}$/.test(value) ? value : undefined),
    'must be an e-mail address such as root@example.com',
  );

/** `name=5` */
export const assignment = (): z.ZodType<{ name: string; value: number }, string> =>
  parsed((value) => {
    const match = /^([a-z][a-z0-9-]*)=(\d{1,12})$/.exec(value);
    return match?.[1] === undefined ? undefined : { name: match[1], value: Number(match[2]) };
  }, 'must be NAME=N, for example keys-per-account=20');

/** `COLD=files:`, `COLD=files:/mnt/cold` */
export const storageClass = (): z.ZodType<{ name: string; place: string }, string> =>
  parsed((value) => {
    const match = /^([A-Z][A-Z0-9_]{0,31})=(.+)$/.exec(value);
    return match?.[1] === undefined || match[2] === undefined ? undefined : { name: match[1], place: match[2] };
  }, 'must be NAME=PLACE with NAME of capital letters, digits and _, for example COLD=files:/mnt/cold');

/** `ingest=https://example.com/events` */
export const named = (): z.ZodType<{ name: string; value: string }, string> =>
  parsed((value) => {
    const match = /^([A-Za-z0-9][A-Za-z0-9_-]{0,62})=(.+)$/.exec(value);
    return match?.[1] === undefined || match[2] === undefined ? undefined : { name: match[1], value: match[2] };
  }, 'must be NAME=VALUE with NAME of letters, digits, _ and -');
