// A form, then the only view of a secret there will ever be. The secret lives in the state of this dialog and nowhere
// else: no cache, no storage, no address; closing the dialog drops it.
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CreatedS3Key, ProjectView } from '../../../../src/console-api/contract.ts';
import { Modal } from '../dialog.tsx';
import { CreatedKey } from './created-key.tsx';

type Props = {
  project: ProjectView;
  title: string;
  onClose: () => void;
  form: (onCreated: (created: CreatedS3Key) => void) => ReactNode;
};

export function SecretDialog({ project, title, onClose, form }: Props) {
  const { t } = useTranslation();
  const [created, setCreated] = useState<CreatedS3Key | null>(null);
  useWarnBeforeLeaving(created !== null);
  const locked = created !== null;
  return (
    <Modal
      opened
      onClose={onClose}
      title={locked ? t('keys.created-title') : title}
      size={locked ? 720 : 'lg'}
      // The secret cannot be shown again, so neither Escape nor a click beside the dialog may close it.
      closeOnEscape={!locked}
      closeOnClickOutside={!locked}
      withCloseButton={!locked}
    >
      {created === null ? form(setCreated) : <CreatedKey project={project} created={created} onClose={onClose} />}
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
