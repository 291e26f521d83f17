import { Badge, Group, Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { BucketView } from '../../../../src/console-api/contract/buckets.ts';
import classes from './bucket-badges.module.css';

/** What is out of the ordinary about a bucket, or worth knowing at a glance. */
export function BucketBadges({ bucket }: { bucket: BucketView }) {
  const { t } = useTranslation();
  const { versioning, objectLock, publicAccess, encryption } = bucket;
  return (
    <Group gap={6} wrap="wrap" className={classes['badges'] ?? ''}>
      {publicAccess && <Mark tone="warning" text={t('bucket.badge.public')} about={t('bucket.badge.public-text')} />}
      {objectLock && <Mark text={t('bucket.badge.lock')} about={t('bucket.badge.lock-text')} />}
      {versioning === 'enabled' && !objectLock && (
        <Mark text={t('bucket.badge.versioning')} about={t('bucket.badge.versioning-text')} />
      )}
      {versioning === 'suspended' && (
        <Mark text={t('bucket.badge.suspended')} about={t('bucket.badge.suspended-text')} />
      )}
      {encryption !== 'none' && <Mark text={encryption} about={t('bucket.badge.encrypted-text')} />}
    </Group>
  );
}

type MarkProps = { text: string; about: string; tone?: 'warning' };

function Mark({ text, about, tone }: MarkProps) {
  return (
    <Tooltip label={about} multiline maw={280}>
      <Badge variant="default" tabIndex={0} className={classes['badge'] ?? ''} data-tone={tone} tt="none" fw={550}>
        {text}
      </Badge>
    </Tooltip>
  );
}
