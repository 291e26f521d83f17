import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { isTask, type Place, useRestoreVersion } from '../../api/objects.ts';
import { noteTask } from '../../api/tasks.ts';
import { useProblem } from '../../hooks/use-problem.ts';
import { openActivity } from '../../objects/activity.ts';
import { announceChange } from '../../objects/changes.ts';
import type { Entry } from '../../objects/listing.ts';
import { labelOf } from '../../objects/rows.ts';

/** Puts an older version on top; a large one takes a while and is watched like any task. */
export function useRestore(place: Place) {
  const { t } = useTranslation();
  const problem = useProblem();
  const restore = useRestoreVersion(place);
  return (entry: Entry): void => {
    if (entry.kind !== 'version') return;
    restore.mutate(
      { name: { key: entry.key, versionId: entry.versionId }, body: undefined },
      {
        onError: problem.notify,
        onSuccess: (answer) => {
          if (isTask(answer)) {
            noteTask(place.projectId, answer);
            openActivity(place.projectId);
          } else notifications.show({ message: t('objects.restored', { name: labelOf(entry) }) });
          announceChange(place);
        },
      },
    );
  };
}
