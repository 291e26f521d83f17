// "My security": how the signed-in identity signs in, and where it is signed in.
import { SimpleGrid, Stack } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { securityQuery } from '../api/security.ts';
import { PageHeader } from '../components/page-header.tsx';
import { PasskeysPanel } from '../components/security/passkeys-panel.tsx';
import { PasswordPanel } from '../components/security/password-panel.tsx';
import { SecondFactorPanel } from '../components/security/second-factor-panel.tsx';
import { SessionsPanel } from '../components/security/sessions-panel.tsx';

export function SecurityPage() {
  const { t } = useTranslation();
  const { data: security } = useSuspenseQuery(securityQuery);
  return (
    <>
      <PageHeader title={t('security.title')} description={t('security.description')} />
      <Stack gap="lg">
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
          <PasswordPanel security={security} />
          <SecondFactorPanel security={security} />
        </SimpleGrid>
        <PasskeysPanel security={security} />
        <SessionsPanel />
      </Stack>
    </>
  );
}
