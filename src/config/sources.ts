// Where a setting's text comes from: the command line first, then the environment, then vstorage.yaml.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse as parseYaml } from 'yaml';
import type { Environment } from './env.ts';
import { variableName } from './env.ts';
import { laterSettings, settings, settingNames } from './settings.ts';
import type { Setting, SettingName } from './settings.ts';

/** What the user wrote is wrong: one line that names the setting and says what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** What commander hands over, by setting name. */
export type Flags = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

export type Found = {
  /** the setting as its author wrote it: `--workers`, `VSTORAGE_WORKERS`, `workers in /etc/vstorage.yaml` */
  readonly label: string;
  readonly texts: readonly string[];
};

export type Sources = {
  readonly found: ReadonlyMap<SettingName, Found>;
  /** `regions:` of vstorage.yaml, not yet checked */
  readonly regions: { readonly label: string; readonly value: unknown } | null;
};

const DEFAULT_FILE = 'vstorage.yaml';
/** variables that are not settings */
const OTHER_VARIABLES = ['config', 'master-key', 'metrics-token'];

export function gatherSources(input: { flags: Flags; environment: Environment; cwd: string }): Sources {
  const file = readConfigFile(input);
  refuseUnknown(input.environment, file);
  const found = new Map<SettingName, Found>();
  for (const name of settingNames) {
    const entry = fromFlags(name, input.flags) ?? fromEnvironment(name, input.environment) ?? fromFile(name, file);
    if (entry) found.set(name, entry);
  }
  const regions = file.values.get('regions');
  return { found, regions: regions === undefined ? null : { label: `regions in ${file.path}`, value: regions } };
}

type ConfigFile = { readonly path: string; readonly values: ReadonlyMap<string, unknown> };

function readConfigFile(input: { flags: Flags; environment: Environment; cwd: string }): ConfigFile {
  const named = input.flags['config'] ?? input.environment.get('config');
  const path = resolve(input.cwd, typeof named === 'string' ? named : DEFAULT_FILE);
  if (named === undefined && !existsSync(path)) return { path, values: new Map() };
  return { path, values: parseConfigFile(path) };
}

function parseConfigFile(path: string): ReadonlyMap<string, unknown> {
  let document: unknown;
  try {
    document = parseYaml(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new ConfigError(`${path} cannot be read: ${reason}`, { cause: error });
  }
  if (document === null || document === undefined) return new Map();
  if (typeof document !== 'object' || Array.isArray(document)) {
    throw new ConfigError(`${path} must be a list of settings, each as "name: value"`);
  }
  return new Map(Object.entries(document));
}

function refuseUnknown(environment: Environment, file: ConfigFile): void {
  for (const [name, value] of environment) {
    if (!OTHER_VARIABLES.includes(name) && !isServiceLink(name, value)) refuseName(name, variableName(name), []);
  }
  for (const name of file.values.keys()) refuseName(name, `${name} in ${file.path}`, ['regions']);
}

/** Kubernetes and Docker tell every container where a service named `vstorage` or `vstorage-s3` is. */
function isServiceLink(name: string, value: string): boolean {
  if (/(^|-)service-(host|port(-[a-z0-9-]+)?)$/.test(name)) return true;
  if (/(^|-)port$/.test(name)) return /^(tcp|udp|sctp):\/\//.test(value);
  return /(^|-)port-\d+-(tcp|udp|sctp)(-(proto|port|addr))?$/.test(name);
}

function refuseName(name: string, label: string, alsoKnown: readonly string[]): void {
  if (Object.hasOwn(settings, name) || alsoKnown.includes(name)) return;
  if (laterSettings.includes(name)) throw new ConfigError(`${label} is not available in this version: remove it`);
  throw new ConfigError(`${label} is not a setting: remove it or correct its name (docs/configuration.md lists them)`);
}

function fromFlags(name: SettingName, flags: Flags): Found | undefined {
  const value = flags[name];
  if (value === undefined) return undefined;
  return { label: `--${name}`, texts: typeof value === 'object' ? value : [String(value)] };
}

function fromEnvironment(name: SettingName, environment: Environment): Found | undefined {
  const value = environment.get(name);
  if (value === undefined) return undefined;
  const texts = isRepeatable(name) ? value.split(',').map((part) => part.trim()) : [value];
  return { label: variableName(name), texts };
}

function fromFile(name: SettingName, file: ConfigFile): Found | undefined {
  const value = file.values.get(name);
  if (value === undefined || value === null) return undefined;
  const label = `${name} in ${file.path}`;
  const list: readonly unknown[] = Array.isArray(value)
    ? value
    : ASSIGNMENTS.includes(name)
      ? assignments(value)
      : [value];
  if (list.length > 1 && !isRepeatable(name)) throw new ConfigError(`${label} takes one value, not a list`);
  return { label, texts: list.map((item) => scalarText(item, label)) };
}

const ASSIGNMENTS: readonly SettingName[] = [
  'limit',
  'storage-class',
  'event-target',
  'event-secret-file',
  'audit-target',
  'audit-secret-file',
];

/** `limit: {keys-per-account: 20}` reads better in YAML than a list of assignments; both are taken. */
function assignments(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [value];
  return Object.entries(value).map(([name, number]) => `${name}=${String(number)}`);
}

function scalarText(value: unknown, label: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new ConfigError(`${label} must be plain text, a number, or true or false`);
}

function isRepeatable(name: SettingName): boolean {
  const setting: Setting = settings[name];
  return setting.repeatable;
}
