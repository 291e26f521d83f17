// The authenticator app and the recovery codes.
import { Badge, Button, Group, Text } from '@mantine/core';
import { IconDeviceMobile } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SecurityView } from '../../../../src/console-api/contract/sign-in.ts';
import { useRemoveTotp, useRenewCodes } from '../../api/security.ts';
import { DateTime } from '../date-time.tsx';
import { Modal } from '../dialog.tsx';
import { Panel } from '../panel.tsx';
import { ConfirmPassword } from './confirm-password.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';
import classes from './security.module.css';
import { TotpSetup } from './totp-setup.tsx';

type Open = 'set-up' | 'remove' | 'codes' | null;

export function SecondFactorPanel({ security }: { security: SecurityView }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const { totp, passkeys, recoveryCodesLeft, hasPassword, secondFactorRequired } = security;
  const isLast = secondFactorRequired && passkeys.length === 0;
  return (
    <Panel
      title={t('security.totp')}
      text={t('security.totp-text')}
      actions={
        totp === null && hasPassword ? (
          <Button leftSection={<IconDeviceMobile size={16} />} onClick={() => setOpen('set-up')}>
            {t('security.totp-set-up')}
          </Button>
        ) : undefined
      }
    >
      <ul className={classes['list']}>
        <li className={classes['row']}>
          <div className={classes['facts']}>
            {totp === null ? (
              <Text c="dimmed">{t(hasPassword ? 'security.totp-none' : 'security.totp-not-needed')}</Text>
            ) : (
              <Group gap={8}>
                <Badge variant="light">{t('security.on')}</Badge>
                <Text size="sm" c="dimmed">
                  {t('security.since')} <DateTime iso={totp.since} />
                </Text>
              </Group>
            )}
          </div>
          {totp !== null && (
            <Button
              variant="default"
              size="xs"
              disabled={isLast}
              title={isLast ? t('security.required') : ''}
              onClick={() => setOpen('remove')}
            >
              {t('security.totp-remove')}
            </Button>
          )}
        </li>
        {(totp !== null || passkeys.length > 0) && (
          <li className={classes['row']}>
            <div className={classes['facts']}>
              <Text>{t('security.codes')}</Text>
              <Text size="sm" c={recoveryCodesLeft < 3 ? 'var(--vs-amber)' : 'dimmed'}>
                {t('security.codes-left', { count: recoveryCodesLeft })}
              </Text>
            </div>
            <Button variant="default" size="xs" onClick={() => setOpen('codes')}>
              {t('security.codes-renew')}
            </Button>
          </li>
        )}
      </ul>
      {open === 'set-up' && (
        <Modal opened onClose={close} title={t('security.totp-set-up')} closeOnClickOutside={false}>
          <TotpSetup hasPassword={hasPassword} onDone={close} onCancel={close} />
        </Modal>
      )}
      {open === 'remove' && <RemoveTotp hasPassword={hasPassword} onClose={close} />}
      {open === 'codes' && <RenewCodes hasPassword={hasPassword} onClose={close} />}
    </Panel>
  );
}

type Props = { hasPassword: boolean; onClose: () => void };

function RemoveTotp({ hasPassword, onClose }: Props) {
  const { t } = useTranslation();
  const remove = useRemoveTotp();
  return (
    <ConfirmPassword
      title={t('security.totp-remove-title')}
      text={t('security.totp-remove-text')}
      hasPassword={hasPassword}
      action={t('security.totp-remove')}
      danger
      error={remove.error}
      pending={remove.isPending}
      onConfirm={(body) => remove.mutate(body, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}

function RenewCodes({ hasPassword, onClose }: Props) {
  const { t } = useTranslation();
  const renew = useRenewCodes();
  if (renew.data !== undefined) {
    return (
      <Modal
        opened
        onClose={onClose}
        title={t('security.codes')}
        closeOnEscape={false}
        closeOnClickOutside={false}
        withCloseButton={false}
      >
        <RecoveryCodes codes={renew.data.recoveryCodes ?? []} onDone={onClose} />
      </Modal>
    );
  }
  return (
    <ConfirmPassword
      title={t('security.codes-renew')}
      text={t('security.codes-renew-text')}
      hasPassword={hasPassword}
      action={t('security.codes-renew')}
      error={renew.error}
      pending={renew.isPending}
      onConfirm={(body) => renew.mutate(body)}
      onClose={onClose}
    />
  );
}
