import { Group, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { S3KeyList } from '../../../../src/console-api/contract.ts';

export function KeysHeading({ list }: { list: S3KeyList | undefined }) {
  const { t } = useTranslation();
  return (
    <>
      <Group gap="xs" align="baseline">
        <Title order={2} size="h3">
          {t('keys.title')}
        </Title>
        {list !== undefined && (
          <Text size="sm" c="dimmed" className="num" title={t('keys.limit-title')}>
            {t('keys.limit', { used: list.limit.used, max: list.limit.max })}
          </Text>
        )}
      </Group>
      <Text size="sm" c="dimmed">
        {t(list?.scope === 'own' ? 'keys.text-own' : 'keys.text')}
      </Text>
    </>
  );
}
