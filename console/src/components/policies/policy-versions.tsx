// The versions of a policy: what changed in each against the one that counts, going back to one, deleting one.
import { Badge, Button, Group, Stack, Table, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PolicyVersionView } from '../../../../src/console-api/contract/iam.ts';
import { policyVersionsQuery, useDeleteVersion, useSetDefaultVersion } from '../../api/policies.ts';
import { useMay } from '../../api/session.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { DateTime } from '../date-time.tsx';
import { Modal } from '../dialog.tsx';
import { DiffView } from '../diff-view.tsx';
import { Panel } from '../panel.tsx';
import { ProblemNotice } from '../problem-notice.tsx';

type Open = { kind: 'compare' | 'default' | 'delete'; version: PolicyVersionView };

export function PolicyVersions({ name }: { name: string }) {
  const { t } = useTranslation();
  const { data, error } = useQuery(policyVersionsQuery(name));
  const mayUpdate = useMay('vstorage:UpdatePolicy');
  const [open, setOpen] = useState<Open | null>(null);
  const current = data?.items.find(({ isDefault }) => isDefault);
  return (
    <Panel title={t('versions.title')} text={t('versions.text', { max: data?.limit ?? 5 })}>
      <ProblemNotice error={error} />
      <Table.ScrollContainer minWidth={460}>
        <Table verticalSpacing={8} fz="sm">
          <Table.Tbody>
            {(data?.items ?? []).map((version) => (
              <Table.Tr key={version.version}>
                <Table.Th scope="row" w={150}>
                  <Group gap={8} wrap="nowrap">
                    {t('versions.number', { number: version.version })}
                    {version.isDefault && (
                      <Badge size="sm" radius="sm" tt="none" variant="light">
                        {t('versions.default')}
                      </Badge>
                    )}
                  </Group>
                </Table.Th>
                <Table.Td>
                  <DateTime iso={version.createdAt} />
                </Table.Td>
                <Table.Td>
                  <Group gap={6} justify="flex-end" wrap="nowrap">
                    {!version.isDefault && (
                      <Button size="xs" variant="default" onClick={() => setOpen({ kind: 'compare', version })}>
                        {t('versions.compare')}
                      </Button>
                    )}
                    {!version.isDefault && mayUpdate && (
                      <>
                        <Button size="xs" variant="default" onClick={() => setOpen({ kind: 'default', version })}>
                          {t('versions.make-default')}
                        </Button>
                        <Button
                          size="xs"
                          variant="default"
                          c="var(--vs-red)"
                          onClick={() => setOpen({ kind: 'delete', version })}
                        >
                          {t('action.delete')}
                        </Button>
                      </>
                    )}
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {open?.kind === 'compare' && current !== undefined && (
        <Compare current={current} other={open.version} onClose={() => setOpen(null)} />
      )}
      {open?.kind === 'default' && <MakeDefault name={name} version={open.version} onClose={() => setOpen(null)} />}
      {open?.kind === 'delete' && <DeleteVersion name={name} version={open.version} onClose={() => setOpen(null)} />}
    </Panel>
  );
}

type CompareProps = { current: PolicyVersionView; other: PolicyVersionView; onClose: () => void };

function Compare({ current, other, onClose }: CompareProps) {
  const { t } = useTranslation();
  const [before, after] = other.version < current.version ? [other, current] : [current, other];
  const title = t('versions.compare-title', { before: before.version, after: after.version });
  return (
    <Modal opened onClose={onClose} title={title} size="xl">
      <Stack>
        {before.document === after.document ? (
          <Text>{t('versions.same')}</Text>
        ) : (
          <DiffView before={before.document} after={after.document} label={title} />
        )}
      </Stack>
    </Modal>
  );
}

type ChangeProps = { name: string; version: PolicyVersionView; onClose: () => void };

function MakeDefault({ name, version: { version }, onClose }: ChangeProps) {
  const { t } = useTranslation();
  const set = useSetDefaultVersion(name);
  const done = () => {
    notifications.show({ message: t('versions.default-notice', { number: version }) });
    onClose();
  };
  return (
    <ConfirmDialog
      title={t('versions.default-title', { number: version })}
      action={t('versions.make-default')}
      error={set.error}
      pending={set.isPending}
      onConfirm={() => set.mutate(version, { onSuccess: done })}
      onClose={onClose}
    >
      {t('versions.default-text')}
    </ConfirmDialog>
  );
}

function DeleteVersion({ name, version: { version }, onClose }: ChangeProps) {
  const { t } = useTranslation();
  const remove = useDeleteVersion(name);
  return (
    <ConfirmDialog
      title={t('versions.delete-title', { number: version })}
      action={t('action.delete')}
      error={remove.error}
      pending={remove.isPending}
      onConfirm={() => remove.mutate(version, { onSuccess: onClose })}
      onClose={onClose}
    >
      {t('versions.delete-text')}
    </ConfirmDialog>
  );
}
