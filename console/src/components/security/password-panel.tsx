import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { SecurityView } from '../../../../src/console-api/contract/sign-in.ts';
import { ChangePassword } from '../change-password.tsx';
import { DateTime } from '../date-time.tsx';
import { Facts } from '../facts.tsx';
import { Panel } from '../panel.tsx';

export function PasswordPanel({ security }: { security: SecurityView }) {
  const { t } = useTranslation();
  const [changing, change] = useDisclosure();
  const { hasPassword, passwordChangedAt, lastSignInAt } = security;
  return (
    <Panel
      title={t('sign-in.password')}
      {...(hasPassword ? {} : { text: t('security.no-password') })}
      actions={
        hasPassword && (
          <Button variant="default" leftSection={<IconKey size={16} />} onClick={change.open}>
            {t('account.change-password')}
          </Button>
        )
      }
    >
      <Facts
        facts={[
          ...(hasPassword
            ? [{ label: t('security.password-changed'), value: <DateTime iso={passwordChangedAt} /> }]
            : []),
          { label: t('users.last-sign-in'), value: <DateTime iso={lastSignInAt} never={t('users.never')} /> },
        ]}
      />
      {changing && <ChangePassword onClose={change.close} />}
    </Panel>
  );
}
