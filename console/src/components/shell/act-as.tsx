// Acting as a service account: one's own, or one of another root account that trusts one's own.
import { Autocomplete, Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useActAs } from '../../api/impersonation.ts';
import { serviceAccountsQuery } from '../../api/service-accounts.ts';
import { useMay } from '../../api/session.ts';
import { Modal } from '../dialog.tsx';
import { ProblemNotice } from '../problem-notice.tsx';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function ActAs({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const mayList = useMay('vstorage:ListServiceAccounts');
  const known = useQuery({ ...serviceAccountsQuery, enabled: mayList }).data ?? [];
  const actAs = useActAs();
  const wanted = text.trim();
  const id = known.find(({ name }) => name === wanted)?.id ?? (UUID.test(wanted) ? wanted : null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (id !== null) actAs.mutate(id, { onSuccess: onDone });
  };
  return (
    <Modal opened onClose={onClose} title={t('act-as.title')}>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm" c="dimmed">
            {t('act-as.text')}
          </Text>
          <ProblemNotice error={actAs.error} />
          <Autocomplete
            label={t('act-as.which')}
            data-autofocus
            openOnFocus={false}
            data={[...new Set(known.map(({ name }) => name))]}
            value={text}
            maxLength={100}
            onChange={setText}
          />
          <Group justify="flex-end" mt="xs">
            <Button variant="default" onClick={onClose}>
              {t('action.cancel')}
            </Button>
            <Button type="submit" disabled={id === null} loading={actAs.isPending}>
              {t('act-as.begin')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
