// The password once more, before something that lets in whoever sits at the keyboard.
import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Modal } from '../dialog.tsx';
import { ProblemNotice } from '../problem-notice.tsx';

type FormProps = {
  /** false: there is none to ask for */
  hasPassword: boolean;
  action: string;
  danger?: boolean;
  error: Error | null;
  pending: boolean;
  onConfirm: (body: { password?: string }) => void;
  onCancel?: () => void;
  children?: ReactNode;
};

export function ConfirmForm({
  hasPassword,
  action,
  danger = false,
  error,
  pending,
  onConfirm,
  onCancel,
  children,
}: FormProps) {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onConfirm(hasPassword ? { password } : {});
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <ProblemNotice error={error} />
        {children}
        {hasPassword && (
          <PasswordInput
            label={t('security.your-password')}
            name="password"
            autoComplete="current-password"
            {...(children === undefined ? { 'data-autofocus': true } : {})}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
        )}
        <Group justify="flex-end">
          {onCancel !== undefined && (
            <Button variant="default" onClick={onCancel}>
              {t('action.cancel')}
            </Button>
          )}
          <Button
            type="submit"
            {...(danger ? { color: 'red' } : {})}
            disabled={hasPassword && password === ''}
            loading={pending}
          >
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

type DialogProps = Omit<FormProps, 'onCancel' | 'children'> & { title: string; text: string; onClose: () => void };

export function ConfirmPassword({ title, text, onClose, ...form }: DialogProps) {
  return (
    <Modal opened onClose={onClose} title={title}>
      <Stack>
        <Text size="sm">{text}</Text>
        <ConfirmForm {...form} onCancel={onClose} />
      </Stack>
    </Modal>
  );
}
