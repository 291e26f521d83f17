import { UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { crumbsOf } from '../../objects/names.ts';
import { CopyButton } from '../copy-button.tsx';
import classes from './browser.module.css';

type Props = { bucket: string; prefix: string; onGo: (prefix: string) => void };

/** Where one is in the bucket; every folder above is a press away. */
export function PathBar({ bucket, prefix, onGo }: Props) {
  const { t } = useTranslation();
  const crumbs = [{ name: bucket, prefix: '' }, ...crumbsOf(prefix)];
  return (
    <nav aria-label={t('objects.path')} className={classes['path']}>
      <ol className={classes['path']}>
        {crumbs.map((crumb, index) => (
          <li key={crumb.prefix}>
            {index > 0 && (
              <span className={classes['slash']} aria-hidden="true">
                /
              </span>
            )}
            <UnstyledButton
              className={classes['crumb'] ?? ''}
              title={crumb.name}
              fz="inherit"
              {...(crumb.prefix === prefix ? { 'aria-current': 'page' } : {})}
              onClick={() => onGo(crumb.prefix)}
            >
              {crumb.name}
            </UnstyledButton>
          </li>
        ))}
        <li>
          <CopyButton value={`s3://${bucket}/${prefix}`} label={t('objects.copy-path')} />
        </li>
      </ol>
    </nav>
  );
}
