// "Settings" of a bucket: one subject at a time.
import { NativeSelect } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Place } from '../api/bucket-settings.ts';
import { projectQuery } from '../api/projects.ts';
import { AclForm, OwnershipForm, PublicAccessBlockForm } from '../components/bucket-settings/access-forms.tsx';
import { FailedEvents } from '../components/bucket-settings/failed-events.tsx';
import { LifecycleDays } from '../components/bucket-settings/lifecycle-days.tsx';
import { PolicyPanel } from '../components/bucket-settings/policy-panel.tsx';
import { EncryptionForm, ObjectLockForm, VersioningForm } from '../components/bucket-settings/protection-forms.tsx';
import {
  lifecycleDanger,
  lockDanger,
  publicAccessDanger,
  versioningDanger,
} from '../components/bucket-settings/dangers.ts';
import { ReachPanel } from '../components/bucket-settings/reach-panel.tsx';
import { AuditForm, LoggingForm, TaggingForm } from '../components/bucket-settings/record-forms.tsx';
import { parseSection, type Section } from '../components/bucket-settings/section-names.ts';
import { groups, sections } from '../components/bucket-settings/sections.ts';
import { SettingPanel } from '../components/bucket-settings/setting-panel.tsx';
import { adoptCors, CorsForm, WebsiteForm } from '../components/bucket-settings/web-forms.tsx';
import classes from '../components/bucket-settings/settings.module.css';

const panels: Record<Section, (place: Place) => ReactNode> = {
  versioning: (place) => (
    <SettingPanel place={place} path="versioning" Form={VersioningForm} danger={versioningDanger} />
  ),
  'object-lock': (place) => <SettingPanel place={place} path="object-lock" Form={ObjectLockForm} danger={lockDanger} />,
  encryption: (place) => <SettingPanel place={place} path="encryption" Form={EncryptionForm} />,
  reach: (place) => <ReachPanel place={place} />,
  policy: (place) => <PolicyPanel place={place} />,
  'public-access-block': (place) => (
    <SettingPanel place={place} path="public-access-block" Form={PublicAccessBlockForm} danger={publicAccessDanger} />
  ),
  ownership: (place) => <SettingPanel place={place} path="ownership" Form={OwnershipForm} />,
  acl: (place) => <SettingPanel place={place} path="acl" Form={AclForm} />,
  cors: (place) => <SettingPanel place={place} path="cors" Form={CorsForm} adopt={adoptCors} />,
  lifecycle: (place) => (
    <SettingPanel place={place} path="lifecycle" danger={lifecycleDanger}>
      <LifecycleDays place={place} />
    </SettingPanel>
  ),
  notification: (place) => (
    <SettingPanel place={place} path="notification">
      <FailedEvents place={place} />
    </SettingPanel>
  ),
  website: (place) => <SettingPanel place={place} path="website" Form={WebsiteForm} />,
  logging: (place) => <SettingPanel place={place} path="logging" Form={LoggingForm} />,
  audit: (place) => <SettingPanel place={place} path="audit" Form={AuditForm} />,
  tagging: (place) => <SettingPanel place={place} path="tagging" Form={TaggingForm} />,
};

export function BucketSettings() {
  const { t } = useTranslation();
  const from = '/shell/projects/$projectId/buckets/$bucket/settings' as const;
  const { projectId, bucket } = useParams({ from });
  const { section } = useSearch({ from });
  const navigate = useNavigate({ from: '/projects/$projectId/buckets/$bucket/settings' });
  const { data: project } = useSuspenseQuery(projectQuery(projectId));
  const place = useMemo(() => ({ projectId, bucket }), [projectId, bucket]);
  if (project.trashedAt !== null) return null;
  return (
    <div className={classes['layout']}>
      <nav className={classes['nav']} aria-label={t('bucket-settings.sections')}>
        {groups.map((group) => (
          <div key={group}>
            <p className={classes['group']}>{t(`bucket-settings.group.${group}`)}</p>
            {sections
              .filter((one) => one.group === group)
              .map(({ value, Icon }) => (
                <Link
                  key={value}
                  to="/projects/$projectId/buckets/$bucket/settings"
                  params={place}
                  search={{ section: value }}
                  className={classes['link'] ?? ''}
                  data-current={value === section || undefined}
                  aria-current={value === section ? 'page' : undefined}
                >
                  <Icon size={17} aria-hidden="true" />
                  {t(`bucket-settings.${value}.title`)}
                </Link>
              ))}
          </div>
        ))}
      </nav>
      <NativeSelect
        className={classes['select'] ?? ''}
        aria-label={t('bucket-settings.sections')}
        value={section}
        data={sections.map(({ value }) => ({ value, label: t(`bucket-settings.${value}.title`) }))}
        onChange={(event) => void navigate({ search: parseSection({ section: event.currentTarget.value }) })}
      />
      <div key={`${bucket} ${section}`}>{panels[section](place)}</div>
    </div>
  );
}
