// Which of a deployment's regions a request is for: the Host header decides, whoever signed it or nobody. Longer
// domains win, as `hcm04.s3.localhost` is below `s3.localhost` too.
import { hostName } from './address.ts';

export type Domains = { readonly domains: readonly string[]; readonly websiteDomains: readonly string[] };

const MAX_KNOWN_HOSTS = 1000;

/** The one of whose domains the host is one, or is below one; any other host is the first's. */
export function createRegionFinder<T extends Domains>(regions: readonly T[]): (host: string) => T {
  const [first, ...others] = regions;
  if (first === undefined) throw new TypeError('there must be at least one region');
  if (others.length === 0) return () => first;
  const byDomain = new Map(
    regions.flatMap((region) =>
      [...region.domains, ...region.websiteDomains].map((domain) => [hostName(domain), region] as const),
    ),
  );
  const known = new Map<string, T>();
  return (host) => {
    const found = known.get(host);
    if (found !== undefined) return found;
    const region = findByDomain(byDomain, hostName(host)) ?? first;
    if (known.size >= MAX_KNOWN_HOSTS) known.clear();
    known.set(host, region);
    return region;
  };
}

function findByDomain<T>(byDomain: ReadonlyMap<string, T>, name: string): T | undefined {
  for (let at = 0; ; ) {
    const found = byDomain.get(name.slice(at));
    if (found !== undefined) return found;
    const dot = name.indexOf('.', at);
    if (dot < 0) return undefined;
    at = dot + 1;
  }
}
