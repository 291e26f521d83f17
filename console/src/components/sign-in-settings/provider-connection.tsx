import { Button, Group, PasswordInput, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useTestProvider } from '../../api/sign-in-settings.ts';
import { Copyable } from '../copyable.tsx';
import { ProblemNotice } from '../problem-notice.tsx';
import type { ProviderDraft } from './provider-draft.ts';

type Props = {
  draft: ProviderDraft;
  set: (part: Partial<ProviderDraft>) => void;
  hasSecret: boolean;
  redirectUri: string;
};

/** Where the provider is, and who this server is there. */
export function ConnectionFields({ draft, set, hasSecret, redirectUri }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <TextInput
        label={t('providers.name')}
        description={t('providers.name-hint')}
        data-autofocus
        maxLength={64}
        value={draft.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <TextInput
        label={t('providers.issuer')}
        type="url"
        placeholder="https://login.example.com/realm"
        value={draft.issuer}
        onChange={(event) => set({ issuer: event.currentTarget.value })}
      />
      <TestConnection issuer={draft.issuer.trim()} />
      <TextInput
        label={t('providers.client-id')}
        value={draft.clientId}
        onChange={(event) => set({ clientId: event.currentTarget.value })}
      />
      <PasswordInput
        label={t('providers.client-secret')}
        description={t(hasSecret ? 'providers.secret-kept' : 'providers.secret-hint')}
        autoComplete="off"
        value={draft.secret}
        onChange={(event) => set({ secret: event.currentTarget.value })}
      />
      <div>
        <Text size="sm" fw={500} mb={4}>
          {t('providers.redirect-uri')}
        </Text>
        <Copyable value={redirectUri} label={t('providers.copy-redirect-uri')} small />
      </div>
    </>
  );
}

function TestConnection({ issuer }: { issuer: string }) {
  const { t } = useTranslation();
  const test = useTestProvider();
  const isCurrent = test.variables === issuer;
  return (
    <>
      <Group gap="xs">
        <Button
          variant="default"
          size="xs"
          disabled={issuer === ''}
          loading={test.isPending}
          onClick={() => test.mutate(issuer)}
        >
          {t('providers.test')}
        </Button>
        {test.isSuccess && isCurrent && (
          <Text size="sm" role="status" c="var(--vs-accent-ink)">
            {t('providers.test-ok', { endpoint: new URL(test.data.authorizationEndpoint).host })}
          </Text>
        )}
      </Group>
      {isCurrent && <ProblemNotice error={test.error} />}
    </>
  );
}
