// IP addresses and CIDR ranges of policy conditions. IPv4 written as IPv6 (::ffff:192.0.2.1) is IPv4.
import { isIPv4, isIPv6 } from './ip-address.ts';

/** One 32-bit word for IPv4, four for IPv6, unsigned. */
type Address = readonly number[];
export type IpRange = { readonly words: Address; readonly bits: number };

function parseIpv4(text: string): Address {
  const word = text.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return [word];
}

function ipv6Groups(half: string): number[] {
  if (half === '') return [];
  return half.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const word = parseIpv4(group)[0] ?? 0;
    return [Math.floor(word / 65_536), word % 65_536];
  });
}

function parseIpv6(text: string): Address {
  const [head = '', tail] = (text.split('%')[0] ?? '').split('::');
  const front = ipv6Groups(head);
  const back = ipv6Groups(tail ?? '');
  const groups = [...front, ...Array<number>(8 - front.length - back.length).fill(0), ...back];
  const words = [0, 2, 4, 6].map((i) => (groups[i] ?? 0) * 65_536 + (groups[i + 1] ?? 0));
  const mapped = words[0] === 0 && words[1] === 0 && words[2] === 0xffff;
  return mapped ? words.slice(3) : words;
}

export function parseAddress(text: string): Address | null {
  if (isIPv4(text)) return parseIpv4(text);
  return isIPv6(text) ? parseIpv6(text) : null;
}

/** `192.0.2.0/24`, `2001:db8::/32`, or a single address; null when it is none of these. */
export function parseIpRange(text: string): IpRange | null {
  const [address = '', suffix, ...rest] = text.split('/');
  const words = parseAddress(address);
  if (words === null || rest.length > 0) return null;
  const size = words.length * 32;
  if (suffix === undefined) return { words, bits: size };
  if (!/^\d{1,3}$/.test(suffix)) return null;
  // ::ffff:192.0.2.0/120 counts its bits over all 128
  const bits = Number(suffix) - (words.length === 1 && address.includes(':') ? 96 : 0);
  return bits >= 0 && bits <= size ? { words, bits } : null;
}

export function inRange(range: IpRange, address: Address): boolean {
  if (address.length !== range.words.length) return false;
  return range.words.every((word, index) => {
    const bits = Math.min(32, Math.max(0, range.bits - index * 32));
    const step = 2 ** (32 - bits);
    return Math.floor(word / step) === Math.floor((address[index] ?? 0) / step);
  });
}
