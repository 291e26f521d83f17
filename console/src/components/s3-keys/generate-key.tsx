import { useTranslation } from 'react-i18next';
import type { ProjectView } from '../../../../src/console-api/contract.ts';
import { GenerateForm } from './generate-form.tsx';
import { SecretDialog } from './secret-dialog.tsx';

export function GenerateKey({ project, onClose }: { project: ProjectView; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <SecretDialog
      project={project}
      title={t('keys.generate')}
      onClose={onClose}
      form={(onCreated) => <GenerateForm project={project} onCreated={onCreated} onCancel={onClose} />}
    />
  );
}
