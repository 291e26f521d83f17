// Policies that belong to one user, group, service account or role alone.
import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InlinePolicyView } from '../../../../src/console-api/contract/iam.ts';
import { type Holder, inlinePoliciesQuery, useDeleteInlinePolicy, usePutInlinePolicy } from '../../api/holders.ts';
import { templates } from '../../policy-draft.ts';
import { documentProblem } from '../../policy-problem.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { Drawer } from '../dialog.tsx';
import { Panel } from '../panel.tsx';
import { PolicyBuilder } from '../policies/policy-builder.tsx';
import { ProblemNotice } from '../problem-notice.tsx';
import classes from '../groups/groups.module.css';

type Open = { kind: 'edit'; policy: InlinePolicyView | null } | { kind: 'delete'; policy: InlinePolicyView } | null;

export function InlinePolicies({ holder, mayChange }: { holder: Holder; mayChange: boolean }) {
  const { t } = useTranslation();
  const { data, error } = useQuery(inlinePoliciesQuery(holder));
  const [open, setOpen] = useState<Open>(null);
  return (
    <Panel
      title={t('holder.inline')}
      text={t('holder.inline-text')}
      actions={
        mayChange && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} />}
            onClick={() => setOpen({ kind: 'edit', policy: null })}
          >
            {t('holder.inline-add')}
          </Button>
        )
      }
    >
      <ProblemNotice error={error} />
      {data?.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('holder.inline-none')}
        </Text>
      )}
      <ul className={classes['members']}>
        {(data ?? []).map((policy) => (
          <li key={policy.name}>
            <span>{policy.name}</span>
            {mayChange && (
              <Group gap={4}>
                <ActionIcon
                  aria-label={t('holder.inline-edit', { name: policy.name })}
                  onClick={() => setOpen({ kind: 'edit', policy })}
                >
                  <IconPencil size={16} />
                </ActionIcon>
                <ActionIcon
                  aria-label={t('holder.inline-delete', { name: policy.name })}
                  onClick={() => setOpen({ kind: 'delete', policy })}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              </Group>
            )}
          </li>
        ))}
      </ul>
      {open?.kind === 'edit' && (
        <Drawer
          opened
          onClose={() => setOpen(null)}
          size={760}
          title={open.policy === null ? t('holder.inline-add') : open.policy.name}
        >
          <Form holder={holder} policy={open.policy} onClose={() => setOpen(null)} />
        </Drawer>
      )}
      {open?.kind === 'delete' && (
        <DeleteInline holder={holder} name={open.policy.name} onClose={() => setOpen(null)} />
      )}
    </Panel>
  );
}

type FormProps = { holder: Holder; policy: InlinePolicyView | null; onClose: () => void };

function Form({ holder, policy, onClose }: FormProps) {
  const { t } = useTranslation();
  const [name, setName] = useState(policy?.name ?? '');
  const [document, setDocument] = useState(policy?.document ?? templates['read-bucket']);
  const [faulty, setFaulty] = useState(false);
  const put = usePutInlinePolicy(holder);
  const wrong = documentProblem(put.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    put.mutate(
      { name: name.trim(), document },
      {
        onSuccess: () => {
          notifications.show({ message: t('policies.saved-notice', { name: name.trim() }) });
          onClose();
        },
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {wrong === null && <ProblemNotice error={put.error} />}
        {policy === null && (
          <TextInput
            label={t('policies.name')}
            maxLength={128}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        )}
        <PolicyBuilder
          value={document}
          problem={wrong}
          onChange={(text, fault) => {
            setDocument(text);
            setFaulty(fault);
            put.reset();
          }}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" disabled={name.trim() === '' || faulty} loading={put.isPending}>
            {t('action.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function DeleteInline({ holder, name, onClose }: { holder: Holder; name: string; onClose: () => void }) {
  const { t } = useTranslation();
  const remove = useDeleteInlinePolicy(holder);
  return (
    <ConfirmDialog
      title={t('policies.delete-title', { name })}
      action={t('action.delete')}
      error={remove.error}
      pending={remove.isPending}
      onConfirm={() => remove.mutate(name, { onSuccess: onClose })}
      onClose={onClose}
    >
      {t('holder.inline-delete-text', { name: holder.name })}
    </ConfirmDialog>
  );
}
