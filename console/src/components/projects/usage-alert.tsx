import { Button, Checkbox, Group, Stack, Switch, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProjectSettings } from '../../../../src/console-api/contract/project-settings.ts';
import { useSetAlert } from '../../api/project-settings.ts';
import { Panel } from '../panel.tsx';
import { ProblemNotice } from '../problem-notice.tsx';
import { ThresholdInput } from './threshold-input.tsx';

type Props = { projectId: string; settings: ProjectSettings; mayChange: boolean };

export function UsageAlert({ projectId, settings, mayChange }: Props) {
  const { t } = useTranslation();
  const [alert, setAlert] = useState(settings.alert);
  const save = useSetAlert(projectId);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(alert, { onSuccess: () => notifications.show({ message: t('project-settings.saved') }) });
  };
  const isOff = !mayChange || !alert.enabled;
  return (
    <Panel title={t('project-settings.alert')} text={t('project-settings.alert-text')}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <ProblemNotice error={save.error} />
          <Switch
            label={t('project-settings.alert-on')}
            disabled={!mayChange}
            checked={alert.enabled}
            onChange={({ currentTarget }) => setAlert({ ...alert, enabled: currentTarget.checked })}
          />
          <ThresholdInput
            value={alert.threshold}
            disabled={isOff}
            onChange={(threshold) => setAlert({ ...alert, threshold })}
          />
          <MailChoice
            settings={settings}
            disabled={isOff}
            checked={alert.mail}
            onChange={(mail) => setAlert({ ...alert, mail })}
          />
          {mayChange && (
            <Group justify="flex-end">
              <Button type="submit" loading={save.isPending}>
                {t('project-settings.save-alert')}
              </Button>
            </Group>
          )}
        </Stack>
      </form>
    </Panel>
  );
}

type MailProps = {
  settings: ProjectSettings;
  disabled: boolean;
  checked: boolean;
  onChange: (checked: boolean) => void;
};

export function MailChoice({ settings, disabled, checked, onChange }: MailProps) {
  const { t } = useTranslation();
  if (!settings.mailEnabled) {
    return (
      <Text size="sm" c="dimmed">
        {t('project-settings.mail-off')}
      </Text>
    );
  }
  return (
    <Checkbox
      label={t('project-settings.mail', { address: settings.mailTo })}
      disabled={disabled}
      checked={checked}
      onChange={({ currentTarget }) => onChange(currentTarget.checked)}
    />
  );
}
