import { Button, Group, Text, TextInput } from '@mantine/core';
import { IconFingerprint } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PasskeyView, SecurityView } from '../../../../src/console-api/contract/sign-in.ts';
import { useRemovePasskey, useRenamePasskey } from '../../api/security.ts';
import { canUsePasskeys } from '../../passkey.ts';
import { DateTime } from '../date-time.tsx';
import { Modal } from '../dialog.tsx';
import { Panel } from '../panel.tsx';
import { ProblemNotice } from '../problem-notice.tsx';
import { ConfirmPassword } from './confirm-password.tsx';
import { PasskeySetup } from './passkey-setup.tsx';
import classes from './security.module.css';

type Open = { kind: 'add' } | { kind: 'rename' | 'remove'; passkey: PasskeyView } | null;

export function PasskeysPanel({ security }: { security: SecurityView }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const { passkeys, hasPassword } = security;
  const possible = canUsePasskeys();
  return (
    <Panel
      title={t('security.passkeys')}
      text={t(possible ? 'security.passkeys-text' : 'security.passkeys-impossible')}
      actions={
        possible && (
          <Button leftSection={<IconFingerprint size={16} />} onClick={() => setOpen({ kind: 'add' })}>
            {t('security.passkey-add')}
          </Button>
        )
      }
    >
      {passkeys.length === 0 ? (
        <Text c="dimmed">{t('security.passkeys-none')}</Text>
      ) : (
        <ul className={classes['list']} aria-label={t('security.passkeys')}>
          {passkeys.map((passkey) => (
            <li key={passkey.id} className={classes['row']}>
              <div className={classes['facts']}>
                <Text fw={600}>{passkey.name}</Text>
                <Text size="sm" c="dimmed">
                  {passkey.host} · {t('security.passkey-added')} <DateTime iso={passkey.createdAt} /> ·{' '}
                  {t('security.passkey-used')} <DateTime iso={passkey.lastUsedAt} never={t('users.never')} />
                </Text>
              </div>
              <Group gap="xs">
                <Button
                  variant="default"
                  size="xs"
                  aria-label={t('security.rename-named', { name: passkey.name })}
                  onClick={() => setOpen({ kind: 'rename', passkey })}
                >
                  {t('security.rename')}
                </Button>
                <Button
                  variant="default"
                  size="xs"
                  aria-label={t('security.remove-named', { name: passkey.name })}
                  onClick={() => setOpen({ kind: 'remove', passkey })}
                >
                  {t('security.remove')}
                </Button>
              </Group>
            </li>
          ))}
        </ul>
      )}
      {open?.kind === 'add' && (
        <Modal opened onClose={close} title={t('security.passkey-add')} closeOnClickOutside={false}>
          <PasskeySetup hasPassword={hasPassword} onDone={close} onCancel={close} />
        </Modal>
      )}
      {open?.kind === 'rename' && <Rename passkey={open.passkey} onClose={close} />}
      {open?.kind === 'remove' && <Remove passkey={open.passkey} hasPassword={hasPassword} onClose={close} />}
    </Panel>
  );
}

function Rename({ passkey, onClose }: { passkey: PasskeyView; onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(passkey.name);
  const rename = useRenamePasskey();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rename.mutate({ id: passkey.id, name: name.trim() }, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title={t('security.rename-title')}>
      <form onSubmit={submit}>
        <ProblemNotice error={rename.error} />
        <TextInput
          label={t('security.passkey-name')}
          data-autofocus
          maxLength={64}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" disabled={name.trim() === ''} loading={rename.isPending}>
            {t('action.save')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

type RemoveProps = { passkey: PasskeyView; hasPassword: boolean; onClose: () => void };

function Remove({ passkey, hasPassword, onClose }: RemoveProps) {
  const { t } = useTranslation();
  const remove = useRemovePasskey();
  return (
    <ConfirmPassword
      title={t('security.passkey-remove-title', { name: passkey.name })}
      text={t('security.passkey-remove-text')}
      hasPassword={hasPassword}
      action={t('security.remove')}
      danger
      error={remove.error}
      pending={remove.isPending}
      onConfirm={(body) => remove.mutate({ ...body, id: passkey.id }, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}
