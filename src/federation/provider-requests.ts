// Requests to identity providers. Whoever administers an account chooses the address, so they are bounded: https only
// (http to this machine when the operator allows it), no redirects followed, a deadline, and no more than a megabyte.
import type { CustomFetch } from 'openid-client';
import { isLoopback } from '../config/loopback.ts';
import { ProblemError } from '../shared/errors.ts';

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 1024 * 1024;

/** Errors: ProblemError `invalid-issuer`. */
export function checkProviderUrl(text: string, allowHttp: boolean): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && url.username === '' && url.password === '' && url.hash === '' && isAllowed(url, allowHttp)) {
    return url;
  }
  const message = 'The issuer must be an https address such as https://login.example.com/realm.';
  throw new ProblemError(400, 'invalid-issuer', message, { field: 'issuer' });
}

const isAllowed = ({ protocol, hostname }: URL, allowHttp: boolean): boolean =>
  protocol === 'https:' || (protocol === 'http:' && allowHttp && isLoopback(hostname));

/** For openid-client, which follows no redirects itself. */
export const boundedFetch =
  (allowHttp: boolean): CustomFetch =>
  async (address, options) => {
    const url = new URL(address);
    if (!isAllowed(url, allowHttp)) throw new Error(`${url.origin} is not https`);
    const signals = [AbortSignal.timeout(TIMEOUT_MS), ...(options.signal == null ? [] : [options.signal])];
    const { body, ...rest } = options;
    const request: RequestInit = { ...rest, redirect: 'manual', signal: AbortSignal.any(signals) };
    const response = await fetch(url, body == null ? request : { ...request, body });
    return new Response(await readBounded(response), { status: response.status, headers: response.headers });
  };

async function readBounded(response: Response): Promise<Uint8Array<ArrayBuffer> | null> {
  if (response.body === null || response.status === 204) return null;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return Uint8Array.from(Buffer.concat(chunks));
}
