import { Text, Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { S3KeyView } from '../../../../src/console-api/contract.ts';
import { formatDate, formatDateTime } from '../../format.ts';
import { Copyable } from '../copyable.tsx';
import { DateTime } from '../date-time.tsx';
import classes from './keys.module.css';
import { StatusBadge } from '../status-badge.tsx';
import type { Column } from '../table/column.ts';
import { KeyNotes } from './key-notes.tsx';

export function useKeyColumns(): Column<S3KeyView>[] {
  const { t } = useTranslation();
  return [
    {
      key: 'id',
      header: t('keys.id'),
      width: 108,
      cell: (key) => <Copyable value={key.id} shown={key.id.slice(0, 8)} label={t('keys.copy-id')} small />,
    },
    {
      key: 'access-key',
      header: t('keys.access-key'),
      title: true,
      sort: (key) => key.accessKey,
      cell: (key) => (
        <>
          <Copyable value={key.accessKey} label={t('keys.copy-access-key')} small />
          <KeyNotes s3Key={key} />
        </>
      ),
    },
    {
      key: 'description',
      header: t('keys.description'),
      sort: (key) => key.description,
      cell: (key) => (
        <Text size="sm" lineClamp={2} {...(key.description === '' ? { c: 'dimmed' } : {})}>
          {key.description === '' ? '—' : key.description}
        </Text>
      ),
    },
    {
      key: 'creator',
      header: t('keys.created-by'),
      sort: (key) => key.creator.name,
      cell: (key) => <Creator s3Key={key} />,
    },
    {
      key: 'created',
      header: t('projects.created'),
      width: 100,
      sort: (key) => key.createdAt,
      cell: (key) => <DateTime iso={key.createdAt} />,
    },
    {
      key: 'last-used',
      header: t('keys.last-used'),
      width: 100,
      sort: (key) => key.lastUsed ?? '',
      cell: (key) => <LastUse s3Key={key} />,
    },
    {
      key: 'status',
      header: t('keys.status'),
      width: 116,
      sort: (key) => (key.expired ? 'expired' : key.status),
      cell: (key) => <KeyStatus s3Key={key} />,
    },
  ];
}

const kinds = {
  root: 'keys.by-root',
  user: 'keys.by-user',
  'service-account': 'keys.by-service-account',
  role: 'keys.by-role',
} as const;

function Creator({ s3Key }: { s3Key: S3KeyView }) {
  const { t } = useTranslation();
  return (
    <>
      <Text size="sm" maw={172} truncate title={s3Key.creator.name}>
        {s3Key.creator.name}
      </Text>
      <Text size="xs" c="dimmed">
        {t(kinds[s3Key.creator.type])}
      </Text>
      {s3Key.serviceAccount !== null && (
        <Text size="xs" maw={172} truncate>
          {t('attach-key.as', { name: s3Key.serviceAccount.name })}
        </Text>
      )}
    </>
  );
}

function LastUse({ s3Key: { lastUsed, lastUsedAction, lastUsedFrom } }: { s3Key: S3KeyView }) {
  const { t } = useTranslation();
  if (lastUsed === null || lastUsedAction === null) return <DateTime iso={lastUsed} never="—" />;
  return (
    <Tooltip label={t('keys.last-use', { action: lastUsedAction, address: lastUsedFrom ?? '' })}>
      <span>
        <DateTime iso={lastUsed} />
        <Text size="xs" c="dimmed" truncate>
          {lastUsedAction.replace('s3:', '')}
        </Text>
      </span>
    </Tooltip>
  );
}

function KeyStatus({ s3Key }: { s3Key: S3KeyView }) {
  const { t } = useTranslation();
  const badge = <StatusBadge status={s3Key.expired ? 'expired' : s3Key.status} />;
  const end = endOf(s3Key);
  if (end === null) return badge;
  const when = t(s3Key.expired ? 'keys.expired-at' : 'keys.expires-at', { time: formatDateTime(end) });
  return (
    <Tooltip label={when}>
      <span>
        {badge}
        <Text size="xs" c="dimmed" mt={2} className={classes['until'] ?? ''}>
          {t('keys.until', { time: formatDate(new Date(end)) })}
        </Text>
      </span>
    </Tooltip>
  );
}

/** Whichever comes first: its expiry or the end of its overlap. */
function endOf({ expiresAt, rotatedTo }: S3KeyView): string | null {
  if (rotatedTo === null) return expiresAt;
  return expiresAt === null || rotatedTo.worksUntil < expiresAt ? rotatedTo.worksUntil : expiresAt;
}
