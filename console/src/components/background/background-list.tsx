import { Badge, Progress, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { BackgroundTask, BackgroundWork } from '../../../../src/console-api/contract/background.ts';
import { isOver } from '../../api/tasks.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { nameOf } from '../../objects/names.ts';
import { AnchorLink } from '../links.tsx';
import classes from './background.module.css';

type Props = { work: BackgroundWork; onClose: () => void };

export function BackgroundList({ work: { tasks, jobs }, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <section className={classes['part']} aria-label={t('background.tasks')}>
        <h2 className={classes['title']}>{t('background.tasks')}</h2>
        {tasks.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('background.none')}
          </Text>
        )}
        <ul className={classes['list']} tabIndex={tasks.length > 4 ? 0 : undefined}>
          {tasks.map((one) => (
            <Task key={one.task.id} {...one} onOpen={onClose} />
          ))}
        </ul>
      </section>
      {jobs.length > 0 && <Jobs jobs={jobs} />}
    </>
  );
}

function Task({ projectId, projectName, task, onOpen }: BackgroundTask & { onOpen: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { kind, status, bucket, first, items, done, total, failed } = task;
  const name = first === null ? bucket : nameOf(first);
  const what = items > 1 ? t('activity.and-more', { name, count: items - 1 }) : name;
  const share = total === null || total.objects === 0 ? 0 : Math.min(1, done.objects / total.objects);
  const progress =
    total === null ? format.count(done.objects) : `${format.count(done.objects)} / ${format.count(total.objects)}`;
  const title = t(`activity.kind.${kind}`, { what });
  return (
    <li className={classes['task']}>
      <AnchorLink to="/projects/$projectId/buckets" params={{ projectId }} size="sm" fw={550} truncate onClick={onOpen}>
        {title}
      </AnchorLink>
      {!isOver(task) && <Progress value={share * 100} size="sm" animated aria-label={title} />}
      <Text size="xs" c={failed > 0 ? 'var(--vs-red)' : 'dimmed'} className="num" truncate>
        {t(`activity.status.${status}`)} · {t('activity.objects', { progress })} · {projectName}
      </Text>
    </li>
  );
}

function Jobs({ jobs }: Pick<BackgroundWork, 'jobs'>) {
  const { t } = useTranslation();
  const noted = jobs.filter(({ state, paused }) => state === 'failing' || paused);
  return (
    <section className={classes['part']} aria-label={t('background.jobs')}>
      <h2 className={classes['title']}>{t('background.jobs')}</h2>
      {noted.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('background.fine', { count: jobs.length })}
        </Text>
      ) : (
        <ul className={classes['list']}>
          {noted.map(({ name, state, paused }) => (
            <li key={name} className={classes['job']}>
              <span className="mono">{name}</span>
              <Badge size="sm" variant="light" color={state === 'failing' ? 'red' : 'gray'}>
                {t(paused ? 'background.paused' : 'background.fails')}
              </Badge>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
