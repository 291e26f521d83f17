import { Button, Progress, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TaskView } from '../../../../src/console-api/contract/tasks.ts';
import { isOver, taskErrorsQuery, useCancelTask } from '../../api/tasks.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { nameOf } from '../../objects/names.ts';
import classes from './activity.module.css';

type Props = { projectId: string; tasks: readonly TaskView[] };

export function TaskList({ projectId, tasks }: Props) {
  return (
    <div className={classes['part']}>
      {tasks.map((task) => (
        <Task key={task.id} projectId={projectId} task={task} />
      ))}
    </div>
  );
}

function Task({ projectId, task }: { projectId: string; task: TaskView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const cancel = useCancelTask(projectId);
  const [open, setOpen] = useState(false);
  const { kind, status, bucket, toBucket, first, items, done, total, failed, skipped, problem, current } = task;
  const what =
    first === null
      ? bucket
      : items > 1
        ? t('activity.and-more', { name: nameOf(first), count: items - 1 })
        : nameOf(first);
  const share = isOver(task)
    ? 1
    : total === null || total.objects === 0
      ? 0
      : Math.min(1, done.objects / total.objects);
  const progress =
    total === null ? format.count(done.objects) : `${format.count(done.objects)} / ${format.count(total.objects)}`;
  return (
    <div className={classes['task']}>
      <div className={classes['line']}>
        <Text size="sm" fw={550} truncate className={classes['grow'] ?? ''}>
          {t(`activity.kind.${kind}`, { what })}
        </Text>
        {task.canCancel && (
          <Button size="compact-xs" variant="default" loading={cancel.isPending} onClick={() => cancel.mutate(task.id)}>
            {t('action.cancel')}
          </Button>
        )}
      </div>
      <Progress
        value={share * 100}
        size="sm"
        animated={!isOver(task)}
        color={status === 'failed' || failed > 0 ? 'red' : 'jade'}
        aria-label={t(`activity.kind.${kind}`, { what })}
        classNames={{ root: classes['bar'] ?? '' }}
      />
      <Text size="xs" c="dimmed" className="num" truncate>
        {t(`activity.status.${status}`)} · {t('activity.objects', { progress })} · {format.bytes(done.bytes)}
        {toBucket !== null && ` · ${bucket} → ${toBucket}`}
        {skipped > 0 && ` · ${t('activity.skipped', { number: format.count(skipped) })}`}
        {!isOver(task) && current !== null && ` · ${nameOf(current)}`}
      </Text>
      {problem !== null && (
        <Text size="xs" c="var(--vs-red)">
          {problem.detail}
        </Text>
      )}
      {failed > 0 && (
        <div>
          <Button size="compact-xs" variant="default" aria-expanded={open} onClick={() => setOpen(!open)}>
            {t('activity.failures', { count: failed, number: format.count(failed) })}
          </Button>
        </div>
      )}
      {open && <Errors projectId={projectId} id={task.id} />}
    </div>
  );
}

function Errors({ projectId, id }: { projectId: string; id: string }) {
  const { t, i18n } = useTranslation();
  const { data = [] } = useQuery(taskErrorsQuery(projectId, id));
  return (
    <ul className={classes['errors']} tabIndex={0} aria-label={t('activity.what-failed')}>
      {data.map(({ key, versionId, code, detail }) => (
        <li key={`${key} ${versionId}`}>
          <span className="mono">{key}</span>: {i18n.exists(code, { ns: 'codes' }) ? t(code, { ns: 'codes' }) : detail}
        </li>
      ))}
    </ul>
  );
}
