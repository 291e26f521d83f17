import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ProjectView } from '../../../../src/console-api/contract.ts';
import { useRestoreProject, useTrashProject } from '../../api/projects.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { useUndo } from '../../hooks/use-undo.tsx';
import { ConfirmDialog } from '../confirm-dialog.tsx';

export function DeleteProject({ project, onClose }: { project: ProjectView; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const trash = useTrashProject();
  const restore = useRestoreProject();
  const undoable = useUndo();
  const confirm = () =>
    trash.mutate(project.id, {
      onSuccess: () => {
        undoable(t('projects.trashed-notice', { name: project.name }), () => restore.mutateAsync(project.id));
        onClose();
        void navigate({ to: '/projects' });
      },
    });
  return (
    <ConfirmDialog
      title={t('projects.delete-title', { name: project.name })}
      phrase="delete me"
      action={t('projects.delete')}
      error={trash.error}
      pending={trash.isPending}
      onConfirm={confirm}
      onClose={onClose}
    >
      {t('projects.delete-text', {
        objects: format.count(project.usage?.objects ?? 0),
        size: format.bytes(project.usage?.bytes ?? 0),
      })}
    </ConfirmDialog>
  );
}
