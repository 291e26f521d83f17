import { ActionIcon, Group, Menu, Tooltip } from '@mantine/core';
import { IconChevronRight, IconDotsVertical, IconResize, IconTrash } from '@tabler/icons-react';
import { IconLink } from '../links.tsx';
import { useTranslation } from 'react-i18next';
import type { ProjectView } from '../../../../src/console-api/contract.ts';

type Props = { project: ProjectView; onResize: () => void; onDelete: () => void };

export function ProjectMenu({ project, onResize, onDelete }: Props) {
  const { t } = useTranslation();
  const mayResize = project.allowedActions.includes('vstorage:ResizeProject');
  const mayDelete = project.allowedActions.includes('vstorage:DeleteProject');
  return (
    <Group gap={0} justify="flex-end" wrap="nowrap">
      {(mayResize || mayDelete) && (
        <Menu width={200}>
          <Menu.Target>
            <ActionIcon size="lg" aria-label={t('table.actions-of', { name: project.name })}>
              <IconDotsVertical size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {mayResize && (
              <Menu.Item leftSection={<IconResize size={16} />} onClick={onResize}>
                {t('projects.resize')}
              </Menu.Item>
            )}
            {mayDelete && (
              <Menu.Item leftSection={<IconTrash size={16} />} color="var(--vs-red)" onClick={onDelete}>
                {t('projects.delete')}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
      <Tooltip label={t('projects.open', { name: project.name })}>
        <IconLink
          to="/projects/$projectId/information"
          params={{ projectId: project.id }}
          size="lg"
          aria-label={t('projects.open', { name: project.name })}
        >
          <IconChevronRight size={18} />
        </IconLink>
      </Tooltip>
    </Group>
  );
}
