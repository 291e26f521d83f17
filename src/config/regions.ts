// Which regions there are and the virtual-host bases of each.
import * as z from 'zod';
import type { Region } from '../shared/ids.ts';
import type { RegionConfig, ServeConfig } from './config.ts';
import { domain, regionName } from './parse.ts';
import { ConfigError } from './sources.ts';
import type { Sources } from './sources.ts';

const regionsOfFile = z
  .array(z.strictObject({ name: regionName(), domains: z.array(domain()).min(1) }))
  .min(1, 'must name at least one region');

export function readRegions(
  sources: Sources,
  names: readonly string[],
  domains: readonly string[],
): ServeConfig['regions'] {
  const [first, ...rest] = sources.regions ? fromFile(sources, sources.regions) : fromOptions(names, domains);
  if (!first) throw new ConfigError('there must be at least one region');
  const regions: ServeConfig['regions'] = [first, ...rest];
  refuseTwice(
    'region',
    regions.map((region) => region.name),
  );
  refuseTwice(
    'domain',
    regions.flatMap((region) => region.domains),
  );
  return regions;
}

/** Further regions answer under the first one's domains: `hcm01.s3.localhost`. */
function fromOptions(names: readonly string[], domains: readonly string[]): RegionConfig[] {
  const bases = domains.length > 0 ? domains : ['s3.localhost'];
  return (names.length > 0 ? names : ['HAN02']).map((name, index) => ({
    name: asRegion(name),
    domains: index === 0 ? bases : bases.map((base) => `${name.toLowerCase()}.${base}`),
  }));
}

function fromFile(sources: Sources, regions: NonNullable<Sources['regions']>): RegionConfig[] {
  for (const name of ['region', 'domain'] as const) {
    const clash = sources.found.get(name);
    if (clash) throw new ConfigError(`${clash.label} and ${regions.label} contradict each other: keep one of them`);
  }
  const result = regionsOfFile.safeParse(regions.value);
  if (result.success) return result.data.map(({ name, domains }) => ({ name: asRegion(name), domains }));
  const issue = result.error.issues[0];
  const place = issue && issue.path.length > 0 ? ` (${issue.path.join('.')})` : '';
  throw new ConfigError(`${regions.label}${place}: ${issue?.message ?? 'is not valid'}`);
}

/** `regionName` made it upper-case. */
function asRegion(name: string): Region {
  return name as Region;
}

function refuseTwice(what: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new ConfigError(`the ${what} ${twice} is given twice: remove one`);
}
