// Who can reach the bucket, as the server would decide.
import { Skeleton, Stack, Table, Text, Tooltip } from '@mantine/core';
import { IconCheck, IconMinus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type Place, reachQuery } from '../../api/bucket-settings.ts';
import { Panel } from '../panel.tsx';
import { ProblemNotice } from '../problem-notice.tsx';
import classes from './settings.module.css';

const rights = ['list', 'read', 'write', 'delete', 'manage'] as const;

export function ReachPanel({ place }: { place: Place }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(reachQuery(place));
  return (
    <Panel title={t('bucket-settings.reach.title')} text={t('bucket-settings.reach.text')}>
      <Stack>
        {error !== null && data === undefined && <ProblemNotice error={error} onRetry={() => void refetch()} />}
        {error === null && data === undefined && <Skeleton h={200} />}
        {data !== undefined && (
          <div className={classes['scroll']}>
            <Table verticalSpacing="xs">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('bucket-settings.acl.who')}</Table.Th>
                  {rights.map((right) => (
                    <Table.Th key={right}>{t(`bucket-settings.reach.${right}`)}</Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {data.items.map(({ type, id, name, rights: held }) => (
                  <Table.Tr key={`${type} ${id}`}>
                    <Table.Td style={{ overflowWrap: 'anywhere' }}>
                      {t(`bucket-settings.reach.type.${type}`)} {name !== '' && <strong>{name}</strong>}
                    </Table.Td>
                    {rights.map((right) => (
                      <Table.Td key={right}>
                        <Tooltip label={held[right].reason} multiline maw={320}>
                          <span
                            role="img"
                            tabIndex={0}
                            aria-label={`${t(held[right].allowed ? 'bucket-settings.reach.yes' : 'bucket-settings.reach.no')}: ${held[right].reason}`}
                          >
                            {held[right].allowed ? <IconCheck size={18} /> : <IconMinus size={18} opacity={0.4} />}
                          </span>
                        </Tooltip>
                      </Table.Td>
                    ))}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </div>
        )}
        {data?.truncated === true && <Text c="dimmed">{t('bucket-settings.reach.truncated')}</Text>}
      </Stack>
    </Panel>
  );
}
