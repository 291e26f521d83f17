import { Button, SimpleGrid, Stack } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { groupQuery, useSetGroupPolicies } from '../api/groups.ts';
import { useMay } from '../api/session.ts';
import { DeleteGroups } from '../components/groups/delete-groups.tsx';
import { GroupMembers } from '../components/groups/group-members.tsx';
import { InlinePolicies } from '../components/holders/inline-policies.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { AttachedPolicies } from '../components/policies/attached-policies.tsx';
import { useUndo } from '../hooks/use-undo.tsx';

export function GroupPage() {
  const { t } = useTranslation();
  const { groupId } = useParams({ from: '/shell/groups/$groupId' });
  const { data: group } = useSuspenseQuery(groupQuery(groupId));
  const navigate = useNavigate();
  const mayAttach = useMay('vstorage:AttachGroupPolicy');
  const mayDelete = useMay('vstorage:DeleteGroup');
  const update = useSetGroupPolicies();
  const undoable = useUndo();
  const [deleting, setDeleting] = useState(false);
  const save = (policies: string[]) =>
    update.mutate(
      { id: group.id, policies },
      {
        onSuccess: () =>
          undoable(t('groups.policies-notice', { name: group.name }), () =>
            update.mutateAsync({ id: group.id, policies: group.policies }),
          ),
      },
    );
  const remove = mayDelete && (
    <Button variant="default" c="var(--vs-red)" leftSection={<IconTrash size={16} />} onClick={() => setDeleting(true)}>
      {t('groups.delete')}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={group.name}
        description={group.description}
        parent={{ label: t('groups.title'), to: '/groups' }}
        actions={remove}
      />
      <Stack gap="lg">
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
          <GroupMembers group={group} />
          <AttachedPolicies
            key={group.policies.join()}
            policies={group.policies}
            text={t('groups.permissions-text')}
            mayAttach={mayAttach}
            error={update.error}
            pending={update.isPending}
            onSave={save}
          />
        </SimpleGrid>
        <InlinePolicies holder={{ base: 'groups', id: group.id, name: group.name }} mayChange={mayAttach} />
      </Stack>
      {deleting && (
        <DeleteGroups
          groups={[group]}
          onClose={() => setDeleting(false)}
          onDeleted={() => void navigate({ to: '/groups' })}
        />
      )}
    </>
  );
}
