// The dialogs around a project, loaded when one is opened: their slider and number field weigh more than the page.
import { lazy, Suspense } from 'react';
import type { ProjectView } from '../../../../src/console-api/contract.ts';

const CreateProject = lazy(async () => ({ default: (await import('./create-project.tsx')).CreateProject }));
const ResizeProject = lazy(async () => ({ default: (await import('./resize-project.tsx')).ResizeProject }));
const RenewProject = lazy(async () => ({ default: (await import('./renew-project.tsx')).RenewProject }));
const DeleteProject = lazy(async () => ({ default: (await import('./delete-project.tsx')).DeleteProject }));

export type ProjectDialog = { kind: 'create' } | { kind: 'resize' | 'renew' | 'delete'; project: ProjectView };

export function ProjectDialogs({ open, onClose }: { open: ProjectDialog | null; onClose: () => void }) {
  return (
    <Suspense>
      {open?.kind === 'create' && <CreateProject onClose={onClose} />}
      {open?.kind === 'resize' && <ResizeProject project={open.project} onClose={onClose} />}
      {open?.kind === 'renew' && <RenewProject project={open.project} onClose={onClose} />}
      {open?.kind === 'delete' && <DeleteProject project={open.project} onClose={onClose} />}
    </Suspense>
  );
}
