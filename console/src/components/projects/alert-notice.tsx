import { Box } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ProjectView } from '../../../../src/console-api/contract.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { Notice } from '../notice.tsx';

export function AlertNotice({ project: { usage, quotaBytes } }: { project: ProjectView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const usedBytes = usage?.bytes ?? 0;
  const words = { used: format.bytes(usedBytes), quota: format.bytes(quotaBytes) };
  return (
    <Box mb="lg">
      <Notice
        tone={usedBytes >= quotaBytes ? 'danger' : 'warning'}
        title={t('project-settings.alert-notice', { share: format.percent(usedBytes, quotaBytes) })}
      >
        {t('project-settings.alert-notice-text', words)}
      </Notice>
    </Box>
  );
}
