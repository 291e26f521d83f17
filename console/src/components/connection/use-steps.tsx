import { Button, Stack } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClientSetup, Connections } from '../../../../src/console-api/contract.ts';
import { commandsOf, type StepKind, stepsOf } from '../../client-steps.ts';
import { forPlatform, type Platform } from '../../platform.ts';
import { CodeBlock } from '../code-block.tsx';
import { CommandList } from '../command-list.tsx';
import { CaStep } from './ca-step.tsx';
import { FieldList } from './field-list.tsx';

export type Step = { title: string; text?: string; body: ReactNode };

/** A client's steps on one operating system, ready to be shown. */
export function useSteps(setup: ClientSetup, ca: Connections['ca'], platform: Platform): Step[] {
  const { t } = useTranslation();
  const commands = forPlatform(setup.commands, platform);
  const list = (kind: StepKind) => {
    const named = commandsOf(commands, kind).map(({ label, text }) => ({ title: t(`commands.${label}`), text }));
    return named.length === 0 ? null : <CommandList commands={named} />;
  };
  const step: Record<StepKind, () => Step> = {
    install: () => ({ title: t('steps.install'), body: list('install') ?? <Website setup={setup} /> }),
    configure: () => ({
      title: t(setup.fields.length > 0 ? 'steps.profile' : 'steps.configure'),
      text: t(`steps.file-text.${setup.id}`),
      body: (
        <Stack gap="sm">
          <Files setup={setup} />
          {list('configure')}
        </Stack>
      ),
    }),
    trust: () => ({
      title: t('steps.trust'),
      text: t('steps.trust-text'),
      body: ca === null ? list('trust') : <CaStep ca={ca} commands={list('trust')} />,
    }),
    fields: () => ({
      title: t('steps.fields'),
      text: t(`steps.fields-text.${setup.id === 's3-browser' ? 's3-browser' : 'cyberduck'}`),
      body: <FieldList setup={setup} />,
    }),
    use: () => ({ title: t('steps.use'), body: list('use') }),
  };
  return stepsOf(setup, commands).map((kind) => step[kind]());
}

function Files({ setup }: { setup: ClientSetup }) {
  return setup.files.map((file) => (
    <CodeBlock
      key={file.name}
      title={file.place === null ? file.name : `${file.name} → ${file.place}`}
      text={file.content}
      download={{ name: file.name, contentType: file.contentType }}
    />
  ));
}

function Website({ setup }: { setup: ClientSetup }) {
  const { t } = useTranslation();
  return (
    <Button
      component="a"
      href={setup.website}
      target="_blank"
      rel="noreferrer"
      variant="default"
      size="xs"
      rightSection={<IconExternalLink size={14} aria-hidden="true" />}
    >
      {t('steps.get', { name: setup.name })}
    </Button>
  );
}
