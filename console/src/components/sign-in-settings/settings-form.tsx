// Rules for passwords, lock-out, idle time and the second factor: one form, saved together.
import { Button, Checkbox, Group, NumberInput, SimpleGrid, Stack, Switch } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SignInSettingsView } from '../../../../src/console-api/contract/sign-in.ts';
import { useMay } from '../../api/session.ts';
import { useChangeSettings } from '../../api/sign-in-settings.ts';
import { Panel } from '../panel.tsx';
import { ProblemNotice } from '../problem-notice.tsx';
import { PeriodSelect } from './period-select.tsx';

const kinds = ['upper', 'lower', 'digit', 'special'] as const;

type Draft = Omit<SignInSettingsView, 'serverIdleMinutes' | 'mail'>;

export function SettingsForm({ settings }: { settings: SignInSettingsView }) {
  const { t } = useTranslation();
  const { serverIdleMinutes, mail: _, ...saved } = settings;
  const [draft, setDraft] = useState<Draft>(saved);
  const mayChange = useMay('vstorage:UpdateSignInSettings');
  const change = useChangeSettings();
  const set = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const changed = JSON.stringify(draft) !== JSON.stringify(saved);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(draft, { onSuccess: () => notifications.show({ message: t('sign-in-settings.saved') }) });
  };
  const number = (value: string | number): number => (typeof value === 'number' ? value : Number(value) || 0);
  return (
    <form onSubmit={submit}>
      <Stack gap="lg">
        <Panel title={t('sign-in-settings.passwords')} text={t('sign-in-settings.passwords-text')}>
          <fieldset disabled={!mayChange} style={{ all: 'unset', display: 'contents' }}>
            <Stack>
              <SimpleGrid cols={{ base: 1, sm: 3 }}>
                <NumberInput
                  label={t('sign-in-settings.min-length')}
                  min={8}
                  max={50}
                  allowDecimal={false}
                  value={draft.minLength}
                  onChange={(value) => set({ minLength: number(value) })}
                />
                <NumberInput
                  label={t('sign-in-settings.history')}
                  description={t('sign-in-settings.history-hint')}
                  inputWrapperOrder={['label', 'input', 'description', 'error']}
                  min={0}
                  max={24}
                  allowDecimal={false}
                  value={draft.history}
                  onChange={(value) => set({ history: number(value) })}
                />
                <PeriodSelect
                  label={t('sign-in-settings.expiry')}
                  unit="day"
                  none={t('sign-in-settings.never')}
                  choices={[30, 60, 90, 180, 365]}
                  max={1095}
                  value={draft.expiryDays}
                  onChange={(expiryDays) => set({ expiryDays })}
                />
              </SimpleGrid>
              <Checkbox.Group
                label={t('sign-in-settings.kinds')}
                value={[...draft.kinds]}
                onChange={(chosen) => set({ kinds: kinds.filter((kind) => chosen.includes(kind)) })}
              >
                <Group mt={8} gap="lg">
                  {kinds.map((kind) => (
                    <Checkbox key={kind} value={kind} label={t(`password.${kind}`)} />
                  ))}
                </Group>
              </Checkbox.Group>
            </Stack>
          </fieldset>
        </Panel>
        <Panel title={t('sign-in-settings.access')} text={t('sign-in-settings.access-text')}>
          <fieldset disabled={!mayChange} style={{ all: 'unset', display: 'contents' }}>
            <Stack>
              <SimpleGrid cols={{ base: 1, sm: 3 }}>
                <NumberInput
                  label={t('sign-in-settings.max-failures')}
                  min={3}
                  max={20}
                  allowDecimal={false}
                  value={draft.maxFailures}
                  onChange={(value) => set({ maxFailures: number(value) })}
                />
                <PeriodSelect
                  label={t('sign-in-settings.lock')}
                  unit="minute"
                  none={t('sign-in-settings.growing')}
                  choices={[5, 15, 30, 60]}
                  max={1440}
                  value={draft.lockMinutes}
                  onChange={(lockMinutes) => set({ lockMinutes })}
                />
                <PeriodSelect
                  label={t('sign-in-settings.idle')}
                  unit="minute"
                  none={t('sign-in-settings.server-idle', { count: serverIdleMinutes })}
                  choices={[15, 30, 60]}
                  max={1440}
                  value={draft.idleMinutes}
                  onChange={(idleMinutes) => set({ idleMinutes })}
                />
              </SimpleGrid>
              <Switch
                label={t('sign-in-settings.second-factor')}
                description={t('sign-in-settings.second-factor-hint')}
                checked={draft.requireSecondFactor}
                onChange={(event) => set({ requireSecondFactor: event.currentTarget.checked })}
              />
            </Stack>
          </fieldset>
        </Panel>
        <ProblemNotice error={change.error} />
        {mayChange && (
          <Group justify="flex-end">
            <Button type="submit" disabled={!changed} loading={change.isPending}>
              {t('action.save')}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}
