import { Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClientSetup, Connections } from '../../../../src/console-api/contract.ts';
import { forPlatform, type Platform } from '../../platform.ts';
import { CodeBlock } from '../code-block.tsx';
import { CaStep } from './ca-step.tsx';
import { FieldList } from './field-list.tsx';

export type Step = { title: string; text?: string; body: ReactNode };
type Command = ClientSetup['commands'][number];

const setUp: readonly Command['label'][] = ['install', 'configure', 'download-ca', 'trust-ca'];

/** Install, configuration (file and command, or fields of a window), the certificate, and then the daily commands. */
export function useSteps(setup: ClientSetup, ca: Connections['ca'], platform: Platform): Step[] {
  const { t } = useTranslation();
  const commands = forPlatform(setup.commands, platform);
  const labelled = (label: Command['label']) => commands.filter((command) => command.label === label);
  const block = (command: Command) => (
    <CodeBlock key={command.label + command.text} title={t(`commands.${command.label}`)} text={command.text} />
  );
  const caCommands = [...labelled('download-ca'), ...labelled('trust-ca')];
  const daily = commands.filter((command) => !setUp.includes(command.label));
  const steps: (Step | false)[] = [
    labelled('install').length > 0 && { title: t('steps.install'), body: labelled('install').map(block) },
    ca !== null &&
      caCommands.length > 0 && {
        title: t('steps.trust'),
        text: t('steps.trust-text'),
        body: <CaStep ca={ca} commands={caCommands.map(block)} />,
      },
    setup.files.length > 0 && {
      title: t(setup.fields.length > 0 ? 'steps.profile' : 'steps.configure'),
      text: t(`steps.file-text.${setup.id}`),
      body: (
        <Stack gap="sm">
          {setup.files.map((file) => (
            <CodeBlock
              key={file.name}
              title={file.place === null ? file.name : `${file.name} → ${file.place}`}
              text={file.content}
              download={{ name: file.name, contentType: file.contentType }}
            />
          ))}
          {labelled('configure').map(block)}
        </Stack>
      ),
    },
    setup.fields.length > 0 && {
      title: t('steps.fields'),
      text: t(`steps.fields-text.${setup.id === 's3-browser' ? 's3-browser' : 'cyberduck'}`),
      body: <FieldList setup={setup} />,
    },
    daily.length > 0 && { title: t('steps.use'), body: <Stack gap="sm">{daily.map(block)}</Stack> },
  ];
  return order(
    steps.filter((step) => step !== false),
    setup,
  );
}

/** S3 Browser is set up by its fields; its file is only a copy of them to keep, so it comes last. */
function order(steps: Step[], setup: ClientSetup): Step[] {
  if (setup.id !== 's3-browser') return steps;
  const file = steps.findIndex((_step, index) => index === steps.length - 2);
  return [...steps.slice(0, file), ...steps.slice(file).toReversed()];
}
