// One client's way to its first request, as numbered steps.
import { Anchor, Group, SegmentedControl, Text, Title } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClientSetup, Connections } from '../../../../src/console-api/contract.ts';
import { type Platform, platformsOf, thisPlatform } from '../../platform.ts';
import classes from './connection.module.css';
import { useSteps } from './use-steps.tsx';

type Props = { setup: ClientSetup; ca: Connections['ca']; compact: boolean };

export function ClientSteps({ setup, ca, compact }: Props) {
  const { t } = useTranslation();
  const platforms = platformsOf(setup.commands);
  const [chosen, choose] = useState<Platform>(thisPlatform());
  const platform = platforms.includes(chosen) ? chosen : (platforms[0] ?? 'linux');
  const steps = useSteps(setup, ca, platform);
  return (
    <article className={classes['steps']}>
      <Group justify="space-between" gap="sm" mb="lg">
        <div>
          {!compact && <Title order={2}>{setup.name}</Title>}
          <Anchor href={setup.website} target="_blank" rel="noreferrer" size="sm">
            {new URL(setup.website).host} <IconExternalLink size={13} aria-label={t('nav.new-tab')} />
          </Anchor>
        </div>
        {platforms.length > 1 && (
          <SegmentedControl
            size="xs"
            aria-label={t('connection.platform')}
            data={platforms.map((value) => ({ value, label: t(`platform.${value}`) }))}
            value={platform}
            onChange={choose}
          />
        )}
      </Group>
      <ol className={classes['list']}>
        {steps.map((step) => (
          <li key={step.title} className={classes['step']}>
            <Title order={3} className={classes['step-title'] ?? ''}>
              {step.title}
            </Title>
            {step.text !== undefined && (
              <Text size="sm" c="dimmed" mb="sm">
                {step.text}
              </Text>
            )}
            {step.body}
          </li>
        ))}
      </ol>
    </article>
  );
}
