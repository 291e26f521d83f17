// What every client's set-up is made from. Set-ups use path-style addressing: it needs no wildcard DNS, so it works on
// a laptop where `bucket.s3.localhost` does not resolve as well as behind real names.
import type { ClientId, ClientSetup } from '../contract.ts';

export type LocalCa = {
  /** where the console hands the certificate out */
  readonly url: string;
  /** `AA:BB:…` */
  readonly sha256Fingerprint: string;
  /** absolute path on the client's machine when it is known; null: the set-ups say `$HOME/vstorage-ca.pem` */
  readonly path: string | null;
};

export type ConnectionFacts = {
  /** `https://host:port`, without a trailing slash */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** null: the certificate needs no trusting */
  readonly ca: LocalCa | null;
};

export type Setup = Omit<ClientSetup, 'id'>;
export type Command = ClientSetup['commands'][number];
export type SetupFile = ClientSetup['files'][number];
/** One file per client exports one of these. */
export type Generator = (facts: ConnectionFacts) => Setup;
export type Generators = Readonly<Record<ClientId, Generator>>;

export const CA_FILE_NAME = 'vstorage-ca.pem';

/** `localhost:9000`; the default port is left out, as clients sign the host header they send. */
export const authority = (facts: ConnectionFacts): string => new URL(facts.endpoint).host;
export const hostname = (facts: ConnectionFacts): string => new URL(facts.endpoint).hostname;
export const port = (facts: ConnectionFacts): number => Number(new URL(facts.endpoint).port || 443);

/** Name of the profile, remote or alias: several regions can stand side by side in one client. */
export const profileName = (facts: ConnectionFacts): string => `vstorage-${facts.region.toLowerCase()}`;

/** A word for POSIX shells that stands for exactly `text`. */
export const quote = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** The local CA's file as a shell word. */
export const caWord = (ca: LocalCa): string => (ca.path === null ? `"$HOME/${CA_FILE_NAME}"` : quote(ca.path));

export const command = (label: Command['label'], text: string, platform: Command['platform'] = 'any'): Command => ({
  label,
  text,
  platform,
});

/** Fetches the CA and prints the fingerprint to compare with the console's: the first fetch cannot be verified. */
export function downloadCa(ca: LocalCa | null): Command[] {
  if (ca === null) return [];
  const file = caWord(ca);
  return [
    command(
      'download-ca',
      [
        `curl --insecure --silent --show-error --output ${file} ${quote(ca.url)}`,
        `openssl x509 -in ${file} -noout -fingerprint -sha256`,
        `# the fingerprint must be ${ca.sha256Fingerprint}`,
      ].join('\n'),
    ),
  ];
}

/** The download and this client's own line for trusting it; nothing when the certificate needs no trusting. */
export const trustCa = (ca: LocalCa | null, line: (file: string) => string): Command[] =>
  ca === null ? [] : [...downloadCa(ca), command('trust-ca', line(caWord(ca)))];

/** For programs with a window, which ask the operating system. */
export function trustCaInSystem(ca: LocalCa | null): Command[] {
  if (ca === null) return [];
  const keychain = '"$HOME/Library/Keychains/login.keychain-db"';
  return [
    command(
      'download-ca',
      `curl.exe --insecure --silent --show-error --output "$env:USERPROFILE\\${CA_FILE_NAME}" ${ca.url}`,
      'windows',
    ),
    command('trust-ca', `certutil -user -addstore Root "$env:USERPROFILE\\${CA_FILE_NAME}"`, 'windows'),
    command('download-ca', downloadCa(ca)[0]?.text ?? '', 'macos'),
    command('trust-ca', `security add-trusted-cert -r trustRoot -k ${keychain} ${caWord(ca)}`, 'macos'),
  ];
}

/** SDK examples and restic read the pair from the environment, so it stands in no source file. */
export const exportKeys = (facts: ConnectionFacts): string =>
  `export AWS_ACCESS_KEY_ID=${quote(facts.accessKey)}\nexport AWS_SECRET_ACCESS_KEY=${quote(facts.secretKey)}`;
