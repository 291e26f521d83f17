import { ActionIcon, CloseButton, TextInput, Tooltip } from '@mantine/core';
import { IconRefresh, IconSearch } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './table.module.css';

type Props = {
  view: { search: string; setSearch: (search: string) => void };
  searchable: boolean;
  searchLabel: string;
  onRefresh: () => void;
  refreshing: boolean;
  heading?: ReactNode;
  tools?: ReactNode;
};

export function Toolbar({ view, searchable, searchLabel, onRefresh, refreshing, heading, tools }: Props) {
  const { t } = useTranslation();
  return (
    <div className={classes['toolbar']}>
      {heading !== undefined && <div className={classes['heading']}>{heading}</div>}
      <div className={classes['tools']}>
        {searchable && (
          <TextInput
            className={classes['search'] ?? ''}
            leftSection={<IconSearch size={16} />}
            placeholder={searchLabel}
            aria-label={searchLabel}
            value={view.search}
            onChange={(event) => view.setSearch(event.currentTarget.value)}
            rightSection={
              view.search === '' ? null : (
                <CloseButton size="sm" aria-label={t('table.clear-search')} onClick={() => view.setSearch('')} />
              )
            }
          />
        )}
        <Tooltip label={t('action.refresh')}>
          <ActionIcon size={36} variant="default" onClick={onRefresh} aria-label={t('action.refresh')}>
            <IconRefresh size={17} className={refreshing ? classes['spin'] : undefined} />
          </ActionIcon>
        </Tooltip>
        {tools}
      </div>
    </div>
  );
}
