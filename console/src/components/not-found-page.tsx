import { Center, Stack, Text, Title } from '@mantine/core';
import { ButtonLink } from './links.tsx';
import { useTranslation } from 'react-i18next';
import { usePageTitle } from '../hooks/use-page-title.ts';
import { LogoMark } from './logo.tsx';

export function NotFoundPage() {
  const { t } = useTranslation();
  usePageTitle(t('not-found.title'));
  return (
    <Center mih="60dvh" p="lg">
      <Stack align="center" gap="xs" maw={420} ta="center">
        <LogoMark size={56} />
        <Title order={1} mt="md">
          {t('not-found.title')}
        </Title>
        <Text c="dimmed">{t('not-found.text')}</Text>
        <ButtonLink to="/projects" mt="md">
          {t('not-found.home')}
        </ButtonLink>
      </Stack>
    </Center>
  );
}
