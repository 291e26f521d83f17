// Values of a website configuration that end up in a Location header.
import type { WebProtocol } from '../../metadata/tables/web.ts';
import { S3Error } from '../../shared/errors.ts';

export function invalidWebsite(message: string): S3Error {
  return new S3Error('InvalidArgument', { message });
}

export function parseProtocol(text: string | undefined): WebProtocol | null {
  const protocol = text?.trim().toLowerCase() ?? '';
  if (protocol === '') return null;
  if (protocol === 'http' || protocol === 'https') return protocol;
  throw invalidWebsite(
    'Invalid protocol, protocol can be http or https. If not defined the protocol will be selected automatically.',
  );
}

/** A host, with or without a port; S3 also takes a path after it. */
export function parseHost(text: string): string {
  const host = text.trim();
  if (/^[A-Za-z0-9[][A-Za-z0-9.:\]_-]{0,254}(?:\/[\x21-\x7e]*)?$/.test(host)) return host;
  throw invalidWebsite('The provided HostName is not valid.');
}
