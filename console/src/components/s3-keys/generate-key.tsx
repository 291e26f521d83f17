// Generate S3 key: a short form, then the only view of the secret there will ever be. The secret lives in the state of
// this dialog and nowhere else: no cache, no storage, no address; closing the dialog drops it.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CreatedS3Key, ProjectView } from '../../../../src/console-api/contract.ts';
import { CreatedKey } from './created-key.tsx';
import { GenerateForm } from './generate-form.tsx';
import { Modal } from '../dialog.tsx';

export function GenerateKey({ project, onClose }: { project: ProjectView; onClose: () => void }) {
  const { t } = useTranslation();
  const [created, setCreated] = useState<CreatedS3Key | null>(null);
  useWarnBeforeLeaving(created !== null);
  const locked = created !== null;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(locked ? 'keys.created-title' : 'keys.generate')}
      size={locked ? 720 : 'md'}
      // The secret cannot be shown again, so neither Escape nor a click beside the dialog may close it.
      closeOnEscape={!locked}
      closeOnClickOutside={!locked}
      withCloseButton={!locked}
    >
      {created === null ? (
        <GenerateForm project={project} onCreated={setCreated} onCancel={onClose} />
      ) : (
        <CreatedKey project={project} created={created} onClose={onClose} />
      )}
    </Modal>
  );
}

function useWarnBeforeLeaving(active: boolean): void {
  useEffect(() => {
    if (!active) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [active]);
}
