import { notifications } from '@mantine/notifications';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TaskView } from '../../../../src/console-api/contract/tasks.ts';
import { isOver } from '../../api/tasks.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { announceChange } from '../../objects/changes.ts';

/**
 * The tasks worth showing: those that run, and those that ended while the page looked on. That one has ended is said, and
 * whatever shows its buckets looks again.
 */
export function useFinishedTasks(projectId: string | null, tasks: readonly TaskView[]): readonly TaskView[] {
  const { t } = useTranslation();
  const format = useFormat();
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const told = useRef(new Set<string>());
  const running = tasks.filter((task) => !isOver(task)).map(({ id }) => id);
  if (running.some((id) => !seen.has(id))) setSeen(new Set([...seen, ...running]));
  useEffect(() => {
    if (projectId === null) return;
    for (const task of tasks) {
      if (!seen.has(task.id) || !isOver(task) || told.current.has(task.id)) continue;
      told.current.add(task.id);
      for (const bucket of new Set([task.bucket, task.toBucket ?? task.bucket])) announceChange({ projectId, bucket });
      const count = task.done.objects;
      const number = format.count(count);
      const failed = task.status === 'failed' || task.failed > 0;
      const message = failed
        ? t('activity.with-errors', { count: task.failed, number: format.count(task.failed) })
        : t(`activity.finished.${task.status === 'cancelled' ? 'cancelled' : task.kind}`, { count, number });
      notifications.show({ message, ...(failed ? { color: 'red', autoClose: 8000 } : {}) });
    }
  }, [tasks, seen, projectId, t, format]);
  return tasks.filter((task) => !isOver(task) || seen.has(task.id));
}
