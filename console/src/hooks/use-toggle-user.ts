import { useTranslation } from 'react-i18next';
import type { UserView } from '../../../src/console-api/contract.ts';
import { useSetUserStatus } from '../api/users.ts';
import { useProblem } from './use-problem.ts';
import { useUndo } from './use-undo.tsx';

/** Disables an active user and enables a disabled one; its keys follow at once. */
export function useToggleUser(user: UserView) {
  const { t } = useTranslation();
  const problem = useProblem();
  const undoable = useUndo();
  const update = useSetUserStatus();
  const active = user.status === 'active';
  const toggle = () =>
    update.mutate(
      { id: user.id, status: active ? 'disabled' : 'active' },
      {
        onSuccess: () =>
          undoable(t(active ? 'users.disabled-notice' : 'users.enabled-notice', { name: user.username }), () =>
            update.mutateAsync({ id: user.id, status: user.status }),
          ),
        onError: problem.notify,
      },
    );
  return { toggle, pending: update.isPending };
}
