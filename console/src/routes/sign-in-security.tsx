// "Sign-in security": what the account asks of everybody who signs in.
import { Stack } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useMay } from '../api/session.ts';
import { settingsQuery } from '../api/sign-in-settings.ts';
import { PageHeader } from '../components/page-header.tsx';
import { ProvidersPanel } from '../components/sign-in-settings/providers-panel.tsx';
import { SettingsForm } from '../components/sign-in-settings/settings-form.tsx';

export function SignInSecurityPage() {
  const { t } = useTranslation();
  const { data: settings } = useSuspenseQuery(settingsQuery);
  const maySeeProviders = useMay('vstorage:ListIdentityProviders');
  return (
    <>
      <PageHeader title={t('sign-in-settings.title')} description={t('sign-in-settings.description')} />
      <Stack gap="lg">
        <SettingsForm key={JSON.stringify(settings)} settings={settings} />
        {maySeeProviders && <ProvidersPanel />}
      </Stack>
    </>
  );
}
