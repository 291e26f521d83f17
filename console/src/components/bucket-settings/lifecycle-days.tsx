// What the saved lifecycle rules do by which day, as the server reads them.
import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { LifecycleDocument } from '../../../../src/console-api/contract/bucket-lifecycle.ts';
import { lifecyclePreviewQuery, type Place, settingQuery } from '../../api/bucket-settings.ts';
import { Panel } from '../panel.tsx';
import classes from './settings.module.css';

const subjects = ['current', 'noncurrent', 'uploads'] as const;

export function LifecycleDays({ place }: { place: Place }) {
  const { t } = useTranslation();
  const document = useQuery(settingQuery<LifecycleDocument>(place, 'lifecycle')).data ?? { Rules: [] };
  const rules = useQuery({ ...lifecyclePreviewQuery(place, document), enabled: document.Rules.length > 0 }).data?.rules;
  if (rules === undefined || document.Rules.length === 0) return null;
  return (
    <Panel title={t('bucket-settings.lifecycle.days')}>
      <Stack>
        {rules.map((rule) => (
          <div key={rule.id} className={classes['card']}>
            <Text fw={600} mb="xs">
              {rule.id} {!rule.enabled && `(${t('bucket-settings.lifecycle.off')})`}
            </Text>
            <dl className={classes['days']}>
              {subjects.flatMap((subject) =>
                rule[subject].map(({ day, what, storageClass, keep }) => (
                  <div key={`${subject} ${day} ${what} ${storageClass}`} style={{ display: 'contents' }}>
                    <dt>{t(`bucket-settings.lifecycle.${subject}`, { day })}</dt>
                    <dd>
                      {t(`bucket-settings.lifecycle.${what}`, { storageClass })}
                      {keep !== null && ` ${t('bucket-settings.lifecycle.keep', { count: keep })}`}
                    </dd>
                  </div>
                )),
              )}
              {rule.dates.map(({ at, what, storageClass }) => (
                <div key={`${at} ${what}`} style={{ display: 'contents' }}>
                  <dt>{at.slice(0, 10)}</dt>
                  <dd>{t(`bucket-settings.lifecycle.${what}`, { storageClass })}</dd>
                </div>
              ))}
            </dl>
          </div>
        ))}
      </Stack>
    </Panel>
  );
}
