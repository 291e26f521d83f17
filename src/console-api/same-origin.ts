// Whether a browser says that a request comes from the console's own pages. The S3 API may share the console's host
// name and so its *site*; SameSite cookies do not tell the two apart, origins do.
import type { FastifyRequest } from 'fastify';

export type Provenance = 'same-origin' | 'elsewhere' | 'unknown';

const single = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(',') : value;

/** `Origin` decides when it is there; otherwise `Sec-Fetch-Site`, which pages cannot set. */
export function provenanceOf(request: FastifyRequest): Provenance {
  const origin = single(request.headers.origin);
  if (origin !== undefined) {
    return origin.toLowerCase() === `https://${request.host.toLowerCase()}` ? 'same-origin' : 'elsewhere';
  }
  const site = single(request.headers['sec-fetch-site']);
  if (site === undefined) return 'unknown';
  return site === 'same-origin' ? 'same-origin' : 'elsewhere';
}

export const changesSomething = (method: string): boolean => !['GET', 'HEAD', 'OPTIONS'].includes(method);
