// Leads somebody new from a project to a key to a connected client; gone once a key has been used.
import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ButtonLink } from '../links.tsx';
import { Panel } from '../panel.tsx';
import classes from './overview.module.css';

type Props = {
  /** the project to go on in; null: there is none */
  projectId: string | null;
  hasKey: boolean;
};

export function FirstSteps({ projectId, hasKey }: Props) {
  const { t } = useTranslation();
  const done = projectId === null ? 0 : hasKey ? 2 : 1;
  const params = { projectId: projectId ?? '' };
  return (
    <Panel title={t('overview.start')} text={t('overview.start-text')}>
      <ol className={classes['steps']}>
        <Step place={0} done={done} name="step-project">
          <ButtonLink to="/projects" hash="create" size="sm">
            {t('overview.step-project')}
          </ButtonLink>
        </Step>
        <Step place={1} done={done} name="step-key">
          <ButtonLink to="/projects/$projectId/access" params={params} size="sm">
            {t('overview.step-key')}
          </ButtonLink>
        </Step>
        <Step place={2} done={done} name="step-connect">
          <ButtonLink to="/projects/$projectId/connection" params={params} size="sm">
            {t('overview.step-connect')}
          </ButtonLink>
        </Step>
      </ol>
    </Panel>
  );
}

type StepProps = {
  place: number;
  done: number;
  name: 'step-project' | 'step-key' | 'step-connect';
  children: ReactNode;
};

function Step({ place, done, name, children }: StepProps) {
  const { t } = useTranslation();
  const isDone = place < done;
  return (
    <li className={classes['step']} data-done={isDone || undefined} data-next={place === done || undefined}>
      <span className={classes['number']} aria-hidden="true">
        {isDone ? <IconCheck size={16} /> : place + 1}
      </span>
      <strong>{t(`overview.${name}`)}</strong>
      <span className={classes['stepText']}>{isDone ? t('overview.step-done') : t(`overview.${name}-text`)}</span>
      {place === done && children}
    </li>
  );
}
