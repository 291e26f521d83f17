import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { ProblemNotice } from './problem-notice.tsx';
import { Modal } from './dialog.tsx';

type Props = {
  title: string;
  /** what happens, in plain words */
  children: ReactNode;
  /** set: must be typed before the button works */
  phrase?: string;
  action: string;
  error: Error | null;
  pending: boolean;
  onConfirm: () => void;
  onClose: () => void;
};

/** The question before something is destroyed. The way out has the focus, unless a phrase must be typed. */
export function ConfirmDialog({ title, children, phrase, action, error, pending, onConfirm, onClose }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const ready = phrase === undefined || typed.trim().toLowerCase() === phrase;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) onConfirm();
  };
  return (
    <Modal opened onClose={onClose} title={title} role="alertdialog">
      <form onSubmit={submit}>
        <Stack>
          <Text component="div">{children}</Text>
          {phrase !== undefined && (
            <TextInput
              label={<Trans i18nKey="confirm.type" values={{ phrase }} components={{ strong: <strong /> }} />}
              autoComplete="off"
              spellCheck={false}
              data-autofocus
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          )}
          <ProblemNotice error={error} />
          <Group justify="flex-end" mt="xs">
            <Button variant="default" onClick={onClose} {...(phrase === undefined ? { 'data-autofocus': true } : {})}>
              {t('action.cancel')}
            </Button>
            <Button type="submit" color="red" disabled={!ready} loading={pending}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
