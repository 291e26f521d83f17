import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAddPasskey } from '../../api/security.ts';
import { ConfirmForm } from './confirm-password.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

type Props = { hasPassword: boolean; onDone: () => void; onCancel?: () => void };

/** A name and the password; the browser asks for the rest. */
export function PasskeySetup({ hasPassword, onDone, onCancel }: Props) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const add = useAddPasskey();
  if (codes !== null) return <RecoveryCodes codes={codes} onDone={onDone} />;
  const confirm = (body: { password?: string }) =>
    add.mutate(
      { ...body, name: name.trim() === '' ? t('security.passkey-default') : name.trim() },
      { onSuccess: ({ recoveryCodes }) => (recoveryCodes === null ? onDone() : setCodes(recoveryCodes)) },
    );
  return (
    <ConfirmForm
      hasPassword={hasPassword}
      action={t('security.passkey-create')}
      error={add.error}
      pending={add.isPending}
      onConfirm={confirm}
      {...(onCancel === undefined ? {} : { onCancel })}
    >
      <TextInput
        label={t('security.passkey-name')}
        placeholder={t('security.passkey-default')}
        name="passkey-name"
        autoComplete="off"
        data-autofocus
        maxLength={64}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
    </ConfirmForm>
  );
}
