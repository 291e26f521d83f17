import { Button, Group, PasswordInput, Stack, Switch, TagsInput, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { IdentityProviderView } from '../../../../src/console-api/contract/sign-in.ts';
import { useSaveProvider, useTestProvider } from '../../api/sign-in-settings.ts';
import { Copyable } from '../copyable.tsx';
import { Drawer } from '../dialog.tsx';
import { ProblemNotice } from '../problem-notice.tsx';
import { type Mapping, GroupMappings } from './group-mappings.tsx';

type Props = { provider: IdentityProviderView | null; redirectUri: string; onClose: () => void };

export function ProviderDrawer({ provider, redirectUri, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Drawer opened onClose={onClose} size={560} title={t(provider === null ? 'providers.add' : 'providers.edit')}>
      <Form provider={provider} redirectUri={redirectUri} onClose={onClose} />
    </Drawer>
  );
}

const isComplete = ({ group, policies }: Mapping): boolean => group.trim() !== '' && policies.length > 0;

function Form({ provider, redirectUri, onClose }: Props) {
  const { t } = useTranslation();
  const [name, setName] = useState(provider?.name ?? '');
  const [issuer, setIssuer] = useState(provider?.issuer ?? '');
  const [clientId, setClientId] = useState(provider?.clientId ?? '');
  const [secret, setSecret] = useState('');
  const [scopes, setScopes] = useState(provider?.scopes ?? ['openid', 'profile', 'email']);
  const [usernameClaim, setUsernameClaim] = useState(provider?.usernameClaim ?? 'preferred_username');
  const [emailClaim, setEmailClaim] = useState(provider?.emailClaim ?? 'email');
  const [groupsClaim, setGroupsClaim] = useState(provider?.groupsClaim ?? 'groups');
  const [mappings, setMappings] = useState<Mapping[]>(provider?.groupMappings ?? []);
  const [autoCreate, setAutoCreate] = useState(provider?.autoCreate ?? true);
  const [matchExisting, setMatchExisting] = useState(provider?.matchExisting ?? false);
  const save = useSaveProvider(provider?.id ?? null);
  const test = useTestProvider();
  const ready = [name, issuer, clientId, usernameClaim, emailClaim, groupsClaim].every((text) => text.trim() !== '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const claims = {
      usernameClaim: usernameClaim.trim(),
      emailClaim: emailClaim.trim(),
      groupsClaim: groupsClaim.trim(),
    };
    save.mutate(
      {
        name: name.trim(),
        issuer: issuer.trim(),
        clientId: clientId.trim(),
        // what was stored is never shown: an empty field leaves it
        ...(secret === '' && provider !== null ? {} : { clientSecret: secret === '' ? null : secret }),
        scopes,
        ...claims,
        groupMappings: mappings.filter(isComplete).map((one) => ({ ...one, group: one.group.trim() })),
        autoCreate,
        matchExisting,
      },
      {
        onSuccess: () => {
          notifications.show({ message: t('providers.saved') });
          onClose();
        },
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <ProblemNotice error={save.error} />
        <TextInput
          label={t('providers.name')}
          description={t('providers.name-hint')}
          data-autofocus
          maxLength={64}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t('providers.issuer')}
          type="url"
          placeholder="https://login.example.com/realm"
          value={issuer}
          onChange={(event) => setIssuer(event.currentTarget.value)}
        />
        <Group gap="xs">
          <Button
            variant="default"
            size="xs"
            disabled={issuer.trim() === ''}
            loading={test.isPending}
            onClick={() => test.mutate(issuer.trim())}
          >
            {t('providers.test')}
          </Button>
          {test.isSuccess && (
            <Text size="sm" role="status" c="var(--vs-accent-ink)">
              {t('providers.test-ok', { endpoint: new URL(test.data.authorizationEndpoint).host })}
            </Text>
          )}
        </Group>
        <ProblemNotice error={test.error} />
        <TextInput
          label={t('providers.client-id')}
          value={clientId}
          onChange={(event) => setClientId(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('providers.client-secret')}
          description={provider?.hasSecret === true ? t('providers.secret-kept') : t('providers.secret-hint')}
          autoComplete="off"
          value={secret}
          onChange={(event) => setSecret(event.currentTarget.value)}
        />
        <div>
          <Text size="sm" fw={500} mb={4}>
            {t('providers.redirect-uri')}
          </Text>
          <Copyable value={redirectUri} label={t('providers.copy-redirect-uri')} small />
        </div>
        <TagsInput label={t('providers.scopes')} splitChars={[' ', ',']} value={scopes} onChange={setScopes} />
        <TextInput
          label={t('providers.username-claim')}
          value={usernameClaim}
          onChange={(event) => setUsernameClaim(event.currentTarget.value)}
        />
        <TextInput
          label={t('providers.email-claim')}
          value={emailClaim}
          onChange={(event) => setEmailClaim(event.currentTarget.value)}
        />
        <TextInput
          label={t('providers.groups-claim')}
          value={groupsClaim}
          onChange={(event) => setGroupsClaim(event.currentTarget.value)}
        />
        <GroupMappings value={mappings} onChange={setMappings} />
        <Switch
          label={t('providers.auto-create')}
          description={t('providers.auto-create-hint')}
          checked={autoCreate}
          onChange={(event) => setAutoCreate(event.currentTarget.checked)}
        />
        <Switch
          label={t('providers.match-existing')}
          description={t('providers.match-existing-hint')}
          checked={matchExisting}
          onChange={(event) => setMatchExisting(event.currentTarget.checked)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" disabled={!ready} loading={save.isPending}>
            {t('action.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
