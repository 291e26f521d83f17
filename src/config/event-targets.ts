// Where events may be sent. Only the operator says so: accounts choose from these names.
import { resolve } from 'node:path';
import type { EventTargetConfig } from './config.ts';
import { isLoopback } from './loopback.ts';
import type { Sources } from './sources.ts';
import { ConfigError } from './sources.ts';

type Named = { readonly name: string; readonly value: string };

export function readEventTargets(
  sources: Sources,
  urls: readonly Named[],
  secretFiles: readonly Named[],
  cwd: string,
): EventTargetConfig[] {
  const label = sources.found.get('event-target')?.label ?? 'event-target';
  const secretLabel = sources.found.get('event-secret-file')?.label ?? '--event-secret-file';
  refuseTwice(label, urls);
  refuseTwice(secretLabel, secretFiles);
  const stray = secretFiles.find(({ name }) => !urls.some((url) => url.name === name));
  if (stray !== undefined) throw new ConfigError(`${secretLabel}: there is no --event-target ${stray.name}`);
  return urls.map(({ name, value }) => {
    const file = secretFiles.find((secret) => secret.name === name)?.value;
    if (file === undefined) {
      throw new ConfigError(`${label}: ${name} needs --event-secret-file ${name}=FILE, a secret to sign what is sent`);
    }
    return { name, url: checkUrl(label, name, value), secretFile: resolve(cwd, file) };
  });
}

function refuseTwice(label: string, named: readonly Named[]): void {
  const twice = named.find(({ name }, index) => named.findIndex((other) => other.name === name) !== index);
  if (twice !== undefined) throw new ConfigError(`${label}: ${twice.name} is given twice: remove one`);
}

/** Events tell what is stored: they leave this machine encrypted or not at all. */
function checkUrl(label: string, name: string, text: string): string {
  if (!URL.canParse(text)) throw new ConfigError(`${label}: ${name} must be a URL such as https://example.com/events`);
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    throw new ConfigError(
      `${label}: ${name}: leave user and password out of the URL, every process of this machine can see it`,
    );
  }
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return url.href;
  throw new ConfigError(`${label}: ${name} must be https (http only to a loopback address)`);
}
