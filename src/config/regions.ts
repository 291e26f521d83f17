// Which regions there are, the domains that requests find each by, and the places of its bytes.
import * as z from 'zod';
import type { Region } from '../shared/ids.ts';
import type { RegionConfig, ServeConfig, StorageClassConfig } from './config.ts';
import { domain, origin, regionName, storageClass } from './parse.ts';
import { readBlobPlace } from './places.ts';
import { ConfigError } from './sources.ts';
import type { Sources } from './sources.ts';
import { storageClassesOf } from './storage-classes.ts';

/** What the options say, which describe one region: further names follow it. */
export type RegionOptions = {
  readonly names: readonly string[];
  readonly domains: readonly string[];
  readonly websiteDomains: readonly string[];
  readonly storageClasses: readonly StorageClassConfig[];
  readonly cwd: string;
};

const regionsOfFile = z
  .array(
    z.strictObject({
      name: regionName(),
      domains: z.array(domain()).min(1),
      'website-domains': z.array(domain()).optional(),
      endpoint: origin().optional(),
      blobs: z.string().optional(),
      'storage-class': z.record(z.string(), z.string()).optional(),
    }),
  )
  .min(1, 'must name at least one region');

type RegionOfFile = z.output<typeof regionsOfFile>[number];

export function readRegions(sources: Sources, options: RegionOptions): ServeConfig['regions'] {
  const [first, ...rest] = sources.regions ? fromFile(sources, sources.regions, options) : fromOptions(options);
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
  refuseTwice(
    'website domain',
    regions.flatMap((region) => region.websiteDomains),
  );
  return regions;
}

/** Further regions answer under the first one's domains: `hcm01.s3.localhost`. */
function below(bases: readonly string[], name: string, index: number): readonly string[] {
  return index === 0 ? bases : bases.map((base) => `${name.toLowerCase()}.${base}`);
}

function fromOptions({ names, domains, websiteDomains, storageClasses }: RegionOptions): RegionConfig[] {
  const bases = domains.length > 0 ? domains : ['s3.localhost'];
  return (names.length > 0 ? names : ['HAN02']).map((name, index) => ({
    name: asRegion(name),
    domains: below(bases, name, index),
    websiteDomains: below(websiteDomains, name, index),
    endpoint: null,
    blobs: null,
    storageClasses: inherited(storageClasses),
  }));
}

/** Their places are those of the whole deployment: pools.ts. */
function inherited(storageClasses: readonly StorageClassConfig[]): StorageClassConfig[] {
  return storageClasses.map(({ name }) => ({ name, place: null }));
}

function fromFile(sources: Sources, regions: NonNullable<Sources['regions']>, options: RegionOptions): RegionConfig[] {
  for (const name of ['region', 'domain'] as const) {
    const clash = sources.found.get(name);
    if (clash) throw new ConfigError(`${clash.label} and ${regions.label} contradict each other: keep one of them`);
  }
  const result = regionsOfFile.safeParse(regions.value);
  if (!result.success) {
    const issue = result.error.issues[0];
    const place = issue && issue.path.length > 0 ? ` (${issue.path.join('.')})` : '';
    throw new ConfigError(`${regions.label}${place}: ${issue?.message ?? 'is not valid'}`);
  }
  const websites = sources.found.get('website-domain');
  if (websites && result.data.some((region) => region['website-domains'] !== undefined)) {
    throw new ConfigError(
      `${websites.label} and website-domains of ${regions.label} contradict each other: keep one of them`,
    );
  }
  return result.data.map((region, index) => toRegion(region, index, regions.label, options));
}

function toRegion(region: RegionOfFile, index: number, label: string, options: RegionOptions): RegionConfig {
  const { name, blobs, endpoint = null } = region;
  const where = `${label} (${name})`;
  return {
    name: asRegion(name),
    domains: region.domains,
    websiteDomains: region['website-domains'] ?? below(options.websiteDomains, name, index),
    endpoint,
    blobs: blobs === undefined ? null : readOwnPlace(blobs, `${where}: blobs`, options.cwd),
    storageClasses: readClasses(region['storage-class'], where, options),
  };
}

/** `files:` without a path would be the folder of all: leaving it out says that. */
function readOwnPlace(text: string, label: string, cwd: string): RegionConfig['blobs'] {
  if (text !== 'files' && text !== 'files:') return readBlobPlace(text, { label, fallback: '', cwd });
  throw new ConfigError(`${label}: must be files:PATH or rados://POOL; without blobs its bytes are below --blobs`);
}

function readClasses(
  given: RegionOfFile['storage-class'],
  where: string,
  { storageClasses, cwd }: RegionOptions,
): readonly StorageClassConfig[] {
  if (given === undefined) return inherited(storageClasses);
  const label = `${where}: storage-class`;
  const parsed = Object.entries(given).map(([name, place]) => {
    const result = storageClass().safeParse(`${name}=${place}`);
    if (result.success) return result.data;
    throw new ConfigError(`${label} "${name}": ${result.error.issues[0]?.message ?? 'is not valid'}`);
  });
  return storageClassesOf(label, parsed, cwd);
}

/** `regionName` made it upper-case. */
function asRegion(name: string): Region {
  return name as Region;
}

function refuseTwice(what: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new ConfigError(`the ${what} ${twice} is given twice: remove one`);
}
