// The URLs clients are told.
import { isIPv6 } from 'node:net';
import type { ServeConfig } from '../config/config.ts';
import type { RegionFacts } from '../console-api/console-deps.ts';
import type { ListenerName, Ports } from './messages.ts';

/** What `localhost` reaches. */
const LOCAL = ['127.0.0.1', '::1', 'localhost', '0.0.0.0', '::'];

export function localUrl(config: ServeConfig, ports: Ports, listener: ListenerName): string {
  const { host } = config[`${listener}Listen`];
  const name = LOCAL.includes(host) ? 'localhost' : isIPv6(host) ? `[${host}]` : host;
  return `${config.tls.kind === 'behind-proxy' ? 'http' : 'https'}://${name}:${ports[listener]}`;
}

/**
 * What S3 clients of each region connect to. The built-in domain needs no set-up under `localhost`; behind a proxy
 * the public port is the proxy's.
 */
export function regionFacts(config: ServeConfig, ports: Ports): readonly [RegionFacts, ...RegionFacts[]] {
  const facts = (region: ServeConfig['regions'][number]): RegionFacts => ({
    name: region.name,
    endpoint: region.endpoint ?? endpoint(config, ports, region.domains[0]),
    domains: region.domains,
    websiteDomains: region.websiteDomains,
    storageClasses: region.storageClasses.map(({ name }) => name),
  });
  const [first, ...rest] = config.regions;
  return [facts(first), ...rest.map(facts)];
}

function endpoint(config: ServeConfig, ports: Ports, domain: string | undefined): string {
  // Plain Debian does not resolve s3.localhost, every system resolves localhost.
  if (domain === undefined || domain === 's3.localhost') return localUrl(config, ports, 's3');
  if (config.tls.kind === 'behind-proxy') return `https://${domain}`;
  return ports.s3 === 443 ? `https://${domain}` : `https://${domain}:${ports.s3}`;
}
