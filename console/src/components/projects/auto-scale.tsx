import { Button, Group, NumberInput, Stack, Switch, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AutoScaleView, ProjectSettings } from '../../../../src/console-api/contract/project-settings.ts';
import { useSetAutoScale } from '../../api/project-settings.ts';
import { GIB } from '../../format.ts';
import { Panel } from '../panel.tsx';
import { ProblemNotice } from '../problem-notice.tsx';
import { ThresholdInput } from './threshold-input.tsx';
import { MailChoice } from './usage-alert.tsx';

type Props = { projectId: string; quotaBytes: number; settings: ProjectSettings; mayChange: boolean };

const proposal = (quotaBytes: number): AutoScaleView => ({
  enabled: false,
  threshold: { unit: 'percent', usedPercent: 90 },
  stepBytes: Math.max(1, Math.ceil(quotaBytes / GIB / 5)) * GIB,
  maxBytes: Math.max(1, Math.ceil(quotaBytes / GIB) * 2) * GIB,
  description: '',
  mail: true,
});

const bytesOf = (gigabytes: number | string): number =>
  (typeof gigabytes === 'number' ? gigabytes : Number.parseInt(gigabytes, 10) || 0) * GIB;

export function AutoScale({ projectId, quotaBytes, settings, mayChange }: Props) {
  const { t } = useTranslation();
  const [scale, setScale] = useState(settings.autoScale ?? proposal(quotaBytes));
  const save = useSetAutoScale(projectId);
  const change = (part: Partial<AutoScaleView>) => setScale({ ...scale, ...part });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(scale, { onSuccess: () => notifications.show({ message: t('project-settings.saved') }) });
  };
  const isOff = !mayChange || !scale.enabled;
  return (
    <Panel title={t('project-settings.auto-scale')} text={t('project-settings.auto-scale-text')}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <ProblemNotice error={save.error} />
          <Switch
            label={t('project-settings.auto-scale-on')}
            disabled={!mayChange}
            checked={scale.enabled}
            onChange={({ currentTarget }) => change({ enabled: currentTarget.checked })}
          />
          <ThresholdInput value={scale.threshold} disabled={isOff} onChange={(threshold) => change({ threshold })} />
          <Sizes scale={scale} disabled={isOff} onChange={change} />
          <TextInput
            label={t('project-settings.description')}
            disabled={isOff}
            maxLength={200}
            value={scale.description}
            onChange={({ currentTarget }) => change({ description: currentTarget.value })}
          />
          <MailChoice settings={settings} disabled={isOff} checked={scale.mail} onChange={(mail) => change({ mail })} />
          {mayChange && (
            <Group justify="flex-end">
              <Button type="submit" loading={save.isPending}>
                {t('project-settings.save-auto-scale')}
              </Button>
            </Group>
          )}
        </Stack>
      </form>
    </Panel>
  );
}

type SizesProps = { scale: AutoScaleView; disabled: boolean; onChange: (part: Partial<AutoScaleView>) => void };

function Sizes({ scale, disabled, onChange }: SizesProps) {
  const { t } = useTranslation();
  return (
    <Group gap="md">
      <NumberInput
        w={150}
        label={t('project-settings.step')}
        disabled={disabled}
        min={1}
        allowDecimal={false}
        suffix=" GB"
        value={Math.round(scale.stepBytes / GIB)}
        onChange={(gigabytes) => onChange({ stepBytes: bytesOf(gigabytes) })}
      />
      <NumberInput
        w={150}
        label={t('project-settings.max')}
        disabled={disabled}
        min={1}
        allowDecimal={false}
        suffix=" GB"
        value={Math.round(scale.maxBytes / GIB)}
        onChange={(gigabytes) => onChange({ maxBytes: bytesOf(gigabytes) })}
      />
    </Group>
  );
}
