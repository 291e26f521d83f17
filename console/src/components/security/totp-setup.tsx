// Three steps: the password, the QR code with the first code of the app, the recovery codes.
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TotpEnrolment } from '../../../../src/console-api/contract/sign-in.ts';
import { useBeginTotp, useConfirmTotp } from '../../api/security.ts';
import { Copyable } from '../copyable.tsx';
import { ProblemNotice } from '../problem-notice.tsx';
import { ConfirmForm } from './confirm-password.tsx';
import { QrCode } from './qr-code.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

type Props = { hasPassword: boolean; onDone: () => void; onCancel?: () => void };

export function TotpSetup({ hasPassword, onDone, onCancel }: Props) {
  const { t } = useTranslation();
  const begin = useBeginTotp();
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  if (codes !== null) return <RecoveryCodes codes={codes} onDone={onDone} />;
  const cancel = onCancel === undefined ? {} : { onCancel };
  if (begin.data === undefined) {
    return (
      <ConfirmForm
        hasPassword={hasPassword}
        action={t('security.go-on')}
        error={begin.error}
        pending={begin.isPending}
        onConfirm={(body) => begin.mutate(body)}
        {...cancel}
      />
    );
  }
  const onConfirmed = (made: readonly string[] | null) => (made === null ? onDone() : setCodes(made));
  return <ScanAndConfirm enrolment={begin.data} onConfirmed={onConfirmed} {...cancel} />;
}

type ScanProps = {
  enrolment: TotpEnrolment;
  onConfirmed: (codes: readonly string[] | null) => void;
  onCancel?: () => void;
};

function ScanAndConfirm({ enrolment, onConfirmed, onCancel }: ScanProps) {
  const { t } = useTranslation();
  const [code, setCode] = useState('');
  const confirm = useConfirmTotp();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    confirm.mutate(code.trim(), { onSuccess: ({ recoveryCodes }) => onConfirmed(recoveryCodes) });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">{t('security.totp-scan')}</Text>
        <QrCode text={enrolment.uri} label={t('security.totp-qr')} />
        <Text size="sm" c="dimmed">
          {t('security.totp-by-hand')}
        </Text>
        <Copyable value={enrolment.secret} label={t('security.copy-secret')} small />
        <ProblemNotice error={confirm.error} />
        <TextInput
          label={t('security.totp-code')}
          name="otp"
          inputMode="numeric"
          autoComplete="one-time-code"
          autoFocus
          required
          withAsterisk={false}
          maxLength={10}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          {onCancel !== undefined && (
            <Button variant="default" onClick={onCancel}>
              {t('action.cancel')}
            </Button>
          )}
          <Button type="submit" loading={confirm.isPending}>
            {t('security.totp-confirm')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
