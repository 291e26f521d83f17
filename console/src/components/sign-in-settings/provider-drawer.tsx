import { Button, Group, Stack, Switch } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { IdentityProviderView } from '../../../../src/console-api/contract/sign-in.ts';
import { useSaveProvider } from '../../api/sign-in-settings.ts';
import { Drawer } from '../dialog.tsx';
import { ProblemNotice } from '../problem-notice.tsx';
import { GroupMappings } from './group-mappings.tsx';
import { ClaimFields } from './provider-claims.tsx';
import { ConnectionFields } from './provider-connection.tsx';
import { draftOf, isComplete, requestOf } from './provider-draft.ts';

type Props = { provider: IdentityProviderView | null; redirectUri: string; onClose: () => void };

export function ProviderDrawer({ provider, redirectUri, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Drawer opened onClose={onClose} size={560} title={t(provider === null ? 'providers.add' : 'providers.edit')}>
      <Form provider={provider} redirectUri={redirectUri} onClose={onClose} />
    </Drawer>
  );
}

function Form({ provider, redirectUri, onClose }: Props) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(() => draftOf(provider));
  const save = useSaveProvider(provider?.id ?? null);
  const set = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part });
  const done = () => {
    notifications.show({ message: t('providers.saved') });
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(requestOf(draft, provider === null), { onSuccess: done });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <ProblemNotice error={save.error} />
        <ConnectionFields draft={draft} set={set} hasSecret={provider?.hasSecret === true} redirectUri={redirectUri} />
        <ClaimFields draft={draft} set={set} />
        <GroupMappings value={draft.groupMappings} onChange={(groupMappings) => set({ groupMappings })} />
        <Switch
          label={t('providers.auto-create')}
          description={t('providers.auto-create-hint')}
          checked={draft.autoCreate}
          onChange={(event) => set({ autoCreate: event.currentTarget.checked })}
        />
        <Switch
          label={t('providers.match-existing')}
          description={t('providers.match-existing-hint')}
          checked={draft.matchExisting}
          onChange={(event) => set({ matchExisting: event.currentTarget.checked })}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" disabled={!isComplete(draft)} loading={save.isPending}>
            {t('action.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
