import { useTranslation } from 'react-i18next';
import type { UserView } from '../../../../src/console-api/contract.ts';
import { useMay } from '../../api/session.ts';
import { useSetUserPolicies } from '../../api/users.ts';
import { useUndo } from '../../hooks/use-undo.tsx';
import { AttachedPolicies } from '../policies/attached-policies.tsx';

export function UserPolicies({ user }: { user: UserView }) {
  const { t } = useTranslation();
  const update = useSetUserPolicies();
  const undoable = useUndo();
  const save = (policies: string[]) =>
    update.mutate(
      { id: user.id, policies },
      {
        onSuccess: () =>
          undoable(t('users.policies-notice', { name: user.username }), () =>
            update.mutateAsync({ id: user.id, policies: user.policies }),
          ),
      },
    );
  return (
    <AttachedPolicies
      policies={user.policies}
      text={t('users.permissions-text')}
      mayAttach={useMay('vstorage:AttachPolicy')}
      error={update.error}
      pending={update.isPending}
      onSave={save}
    />
  );
}
