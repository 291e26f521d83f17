// https://restic.readthedocs.io/en/stable/030_preparing_a_new_repo.html#s3-compatible-storage
import {
  CA_FILE_NAME,
  command,
  downloadCa,
  exportKeys,
  profileName,
  quote,
  type ConnectionFacts,
  type Setup,
} from './setup.ts';

export const resticRepository = (facts: ConnectionFacts, bucket: string): string =>
  `s3:${facts.endpoint}/${bucket}/restic`;

/** To be sourced by a shell. */
export const resticEnvironment = (facts: ConnectionFacts): string =>
  [
    exportKeys(facts),
    `export AWS_DEFAULT_REGION=${quote(facts.region)}`,
    `export RESTIC_REPOSITORY=${quote(resticRepository(facts, 'my-bucket'))}`,
    // read by restic 0.16 and later; older ones need the --cacert of the commands
    ...(facts.ca === null ? [] : [`export RESTIC_CACERT=${caValue(facts)}`]),
    '',
  ].join('\n');

const caValue = (facts: ConnectionFacts): string =>
  facts.ca?.path == null ? `"$HOME/${CA_FILE_NAME}"` : quote(facts.ca.path);

export function restic(facts: ConnectionFacts): Setup {
  const name = `${profileName(facts)}.env`;
  const run = facts.ca === null ? 'restic' : `restic --cacert ${caValue(facts)}`;
  return {
    name: 'restic',
    website: 'https://restic.net',
    files: [{ name, place: null, contentType: 'text/plain; charset=utf-8', content: resticEnvironment(facts) }],
    commands: [
      command('install', 'sudo apt install restic', 'linux'),
      command('install', 'brew install restic', 'macos'),
      command('configure', `. ./${name}`),
      ...downloadCa(facts.ca),
      ...(facts.ca === null ? [] : [command('trust-ca', `export RESTIC_CACERT=${caValue(facts)}`)]),
      command('initialize', `${run} init`),
      command('backup', `${run} backup ./folder`),
      command('check', `${run} check`),
      command('restore', `${run} restore latest --target ./restored`),
    ],
    fields: [],
  };
}
