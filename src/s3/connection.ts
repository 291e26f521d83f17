// Who is at the other end. Behind a TLS-terminating proxy the addresses it reports are believed, but only when the
// connection comes from a trusted one; X-Forwarded-For is read from its end, where trusted proxies have written.
import { BlockList, isIP } from 'node:net';
import type { IncomingMessage } from 'node:http';
import type { ConnectionFacts } from './request.ts';

export type ConnectionReader = { readonly trusted: BlockList } | null;

function addressFamily(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

/** Addresses or CIDR ranges; null: no proxy. */
export function createConnectionReader(
  behindProxy: { readonly trustedProxies: readonly string[] } | null,
): ConnectionReader {
  if (behindProxy === null) return null;
  const trusted = new BlockList();
  for (const entry of behindProxy.trustedProxies) {
    const [address = '', bits] = entry.split('/');
    if (bits === undefined) trusted.addAddress(address, addressFamily(address));
    else trusted.addSubnet(address, Number(bits), addressFamily(address));
  }
  return { trusted };
}

/** `::ffff:10.0.0.1` is 10.0.0.1. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
}

function isTrusted(trusted: BlockList, address: string): boolean {
  return isIP(address) !== 0 && trusted.check(address, addressFamily(address));
}

function forwardedAddress(trusted: BlockList, peer: string, header: string): string {
  const hops = header
    .split(',')
    .map((hop) => plainAddress(hop.trim()))
    .filter((hop) => isIP(hop) !== 0);
  return hops.findLast((hop) => !isTrusted(trusted, hop)) ?? hops[0] ?? peer;
}

export function readConnection(reader: ConnectionReader, incoming: IncomingMessage): ConnectionFacts {
  const peer = plainAddress(incoming.socket.remoteAddress ?? '');
  if (reader === null) return { clientAddress: peer, secure: true };
  if (!isTrusted(reader.trusted, peer)) return { clientAddress: peer, secure: false };
  const forwarded = [incoming.headers['x-forwarded-for'] ?? []].flat().join(',');
  const protocol = [incoming.headers['x-forwarded-proto'] ?? []].flat().join(',');
  return {
    clientAddress: forwardedAddress(reader.trusted, peer, forwarded),
    secure: protocol.trim().toLowerCase() === 'https',
  };
}
