// What goes on in the background, wherever in the console one is: uploads of this page, tasks of the server.
import { ActionIcon, Paper, Progress, Text, Title, UnstyledButton } from '@mantine/core';
import { IconActivity, IconChevronDown } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { TaskView } from '../../../../src/console-api/contract/tasks.ts';
import { isOver, tasksQuery } from '../../api/tasks.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { closeActivity, openActivity, useActivity } from '../../objects/activity.ts';
import { type QueueState, uploads } from '../../uploads/queue.ts';
import { TaskList } from './task-list.tsx';
import { UploadList } from './upload-list.tsx';
import { useFinishedTasks } from './use-finished-tasks.ts';
import classes from './activity.module.css';

export function ActivityDock() {
  const { t } = useTranslation();
  const { projectId, open } = useActivity();
  const queue = useSyncExternalStore(uploads.subscribe, uploads.getState);
  const { data: tasks = [] } = useQuery({ ...tasksQuery(projectId ?? ''), enabled: projectId !== null });
  const shown = useFinishedTasks(projectId, tasks);
  useEffect(() => {
    void uploads.restore();
  }, []);
  const interrupted = queue.counts.interrupted > 0;
  useEffect(() => {
    if (interrupted) openActivity();
  }, [interrupted]);
  if (queue.items.length === 0 && shown.length === 0) return null;
  if (!open) return <Pill queue={queue} tasks={shown} />;
  return (
    <Paper
      withBorder
      radius="lg"
      component="section"
      aria-label={t('activity.title')}
      className={classes['dock'] ?? ''}
    >
      <header className={classes['head']}>
        <Title order={2} size="h3">
          {t('activity.title')}
        </Title>
        <ActionIcon aria-label={t('activity.hide')} onClick={closeActivity}>
          <IconChevronDown size={18} />
        </ActionIcon>
      </header>
      <div className={classes['body']}>
        {queue.items.length > 0 && <UploadList queue={queue} />}
        {projectId !== null && shown.length > 0 && <TaskList projectId={projectId} tasks={shown} />}
      </div>
    </Paper>
  );
}

const shareOf = ({ done, total }: TaskView): number =>
  total === null || total.objects === 0 ? 0 : Math.min(1, done.objects / total.objects);

/** The panel folded up: that something goes on, and how far it is. */
function Pill({ queue, tasks }: { queue: QueueState; tasks: readonly TaskView[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const running = tasks.filter((task) => !isOver(task));
  const left = queue.counts.waiting + queue.counts.sending;
  const share =
    left > 0
      ? queue.sentBytes / Math.max(1, queue.totalBytes)
      : running.reduce((sum, task) => sum + shareOf(task), 0) / Math.max(1, running.length);
  const label =
    left > 0
      ? t('activity.uploading', { count: left, number: format.count(left) })
      : running.length > 0
        ? t('activity.running', { count: running.length })
        : t('activity.over');
  return (
    <UnstyledButton className={classes['pill'] ?? ''} onClick={() => openActivity()}>
      <IconActivity size={17} aria-hidden="true" />
      <Text size="sm" fw={550}>
        {label}
      </Text>
      {(left > 0 || running.length > 0) && (
        <Progress value={share * 100} size="sm" w={72} aria-hidden="true" classNames={{ root: classes['bar'] ?? '' }} />
      )}
    </UnstyledButton>
  );
}
