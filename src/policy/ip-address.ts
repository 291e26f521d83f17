// Is this text an address? As node:net says, but without Node: the console reads policies in a browser too.

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const GROUP = /^[0-9a-fA-F]{1,4}$/;
const ZONE = /%[0-9a-zA-Z.:-]+$/;
const GROUPS = 8;

export const isIPv4 = (text: string): boolean => IPV4.test(text);

export function isIPv6(text: string): boolean {
  const halves = text.replace(ZONE, '').split('::');
  if (halves.length > 2) return false;
  const [head = '', tail] = halves;
  // an IPv4 address may stand at the end only
  const front = countGroups(head, tail === undefined);
  const back = tail === undefined ? 0 : countGroups(tail, true);
  if (front === null || back === null) return false;
  return tail === undefined ? front === GROUPS : front + back < GROUPS;
}

/** null: not groups of an address */
function countGroups(half: string, isEnd: boolean): number | null {
  if (half === '') return 0;
  const groups = half.split(':');
  const last = groups.at(-1) ?? '';
  const mapped = isEnd && isIPv4(last);
  const plain = mapped ? groups.slice(0, -1) : groups;
  return plain.every((group) => GROUP.test(group)) ? plain.length + (mapped ? 2 : 0) : null;
}
