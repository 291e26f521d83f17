import { ActionIcon, Menu } from '@mantine/core';
import {
  IconDotsVertical,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlugConnected,
  IconRefresh,
  IconRobot,
  IconTrash,
} from '@tabler/icons-react';
import { MenuLink } from '../links.tsx';
import { useTranslation } from 'react-i18next';
import type { S3KeyView } from '../../../../src/console-api/contract.ts';
import { useMay } from '../../api/session.ts';
import { useUpdateS3Key } from '../../api/s3-keys.ts';
import { useProblem } from '../../hooks/use-problem.ts';
import { useUndo } from '../../hooks/use-undo.tsx';

type Props = {
  projectId: string;
  s3Key: S3KeyView;
  onEdit: () => void;
  onRotate: () => void;
  onAttach: () => void;
  onDelete: () => void;
};

export function KeyMenu({ projectId, s3Key, onEdit, onRotate, onAttach, onDelete }: Props) {
  const { t } = useTranslation();
  const problem = useProblem();
  const mayAttach = useMay('vstorage:AttachS3Key');
  const undoable = useUndo();
  const update = useUpdateS3Key(projectId);
  const active = s3Key.status === 'active';
  const toggle = () =>
    update.mutate(
      { id: s3Key.id, status: active ? 'disabled' : 'active' },
      {
        onSuccess: () =>
          undoable(t(active ? 'keys.disabled-notice' : 'keys.enabled-notice'), () =>
            update.mutateAsync({ id: s3Key.id, status: s3Key.status }),
          ),
        onError: problem.notify,
      },
    );
  return (
    <Menu width={220}>
      <Menu.Target>
        <ActionIcon size="lg" loading={update.isPending} aria-label={t('table.actions-of', { name: s3Key.accessKey })}>
          <IconDotsVertical size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <MenuLink
          to="/projects/$projectId/connection"
          params={{ projectId }}
          search={{ key: s3Key.accessKey }}
          leftSection={<IconPlugConnected size={16} />}
        >
          {t('keys.connect')}
        </MenuLink>
        <Menu.Item leftSection={<IconPencil size={16} />} disabled={!s3Key.canUpdate} onClick={onEdit}>
          {t('keys.edit')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconRefresh size={16} />}
          disabled={!s3Key.canUpdate || !active || s3Key.expired || s3Key.rotatedTo !== null}
          onClick={onRotate}
        >
          {t('rotate.action')}
        </Menu.Item>
        {mayAttach && (
          <Menu.Item leftSection={<IconRobot size={16} />} disabled={!s3Key.canUpdate} onClick={onAttach}>
            {t('attach-key.action')}
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={active ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
          disabled={!s3Key.canUpdate}
          onClick={toggle}
        >
          {t(active ? 'action.disable' : 'action.enable')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconTrash size={16} />}
          color="var(--vs-red)"
          disabled={!s3Key.canDelete}
          onClick={onDelete}
        >
          {t('action.delete')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
