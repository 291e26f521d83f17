// The order in which a client is set up. The server's commands stand in the order to run them, and some orders matter
// (s3cmd's configuration must exist before the CA is added to it): the steps follow their first appearance.
import type { ClientSetup } from '../../src/console-api/contract.ts';

type Command = ClientSetup['commands'][number];
export type StepKind = 'install' | 'configure' | 'trust' | 'fields' | 'use';

const kindOf = (label: Command['label']): StepKind => {
  if (label === 'install' || label === 'configure') return label;
  return label === 'download-ca' || label === 'trust-ca' ? 'trust' : 'use';
};

export const commandsOf = (commands: readonly Command[], kind: StepKind): Command[] =>
  commands.filter((command) => kindOf(command.label) === kind);

/** Programs with a window have fields to fill in, and their file either before (a profile) or after (a copy of them). */
export function stepsOf(setup: Pick<ClientSetup, 'id' | 'files' | 'fields'>, commands: readonly Command[]): StepKind[] {
  const kinds = [...new Set(commands.map((command) => kindOf(command.label)))];
  if (setup.fields.length > 0) {
    const own: StepKind[] = setup.id === 's3-browser' ? ['fields', 'configure'] : ['configure', 'fields'];
    const others = kinds.filter((kind) => kind !== 'configure' && kind !== 'install' && kind !== 'use');
    return ['install', ...others, ...own];
  }
  if (setup.files.length === 0 || kinds.includes('configure')) return kinds;
  const use = kinds.indexOf('use');
  return use === -1 ? [...kinds, 'configure'] : kinds.toSpliced(use, 0, 'configure');
}
