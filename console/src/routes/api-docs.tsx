// The REST API, described by the server itself.
import { Anchor, Button, Group, Skeleton, TextInput } from '@mantine/core';
import { IconDownload, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useDeferredValue, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { matches, operationsOf } from '../api-docs/document.ts';
import { openApiQuery } from '../api/openapi.ts';
import { OperationList } from '../components/api-docs/operation-list.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { ProblemNotice } from '../components/problem-notice.tsx';

export function ApiDocsPage() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(openApiQuery);
  const { op = null } = useSearch({ from: '/shell/api-docs' });
  const navigate = useNavigate({ from: '/api-docs' });
  const [search, setSearch] = useState('');
  const wanted = useDeferredValue(search);
  const all = useMemo(() => (data === undefined ? [] : operationsOf(data)), [data]);
  const shown = useMemo(() => all.filter((operation) => matches(operation, wanted)), [all, wanted]);
  const open = (id: string | null) =>
    void navigate({ search: id === null ? {} : { op: id }, replace: true, resetScroll: false });
  return (
    <>
      <PageHeader
        title={t('nav.api-docs')}
        description={t('api-docs.text')}
        actions={
          <Button
            component="a"
            href="/api/v1/openapi.json"
            download="vstorage-openapi.json"
            variant="default"
            leftSection={<IconDownload size={16} />}
          >
            {t('api-docs.download')}
          </Button>
        }
      />
      <Group mb="lg" gap="md">
        <TextInput
          w={{ base: '100%', sm: 360 }}
          leftSection={<IconSearch size={16} />}
          placeholder={t('api-docs.search')}
          aria-label={t('api-docs.search')}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <Anchor href="/api/docs/" target="_blank" rel="noreferrer" size="sm">
          {t('api-docs.try')}
        </Anchor>
      </Group>
      {error !== null && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton h={480} radius="lg" />}
      {data !== undefined && shown.length === 0 && (
        <EmptyState
          icon={<IconSearch size={24} />}
          title={t('table.nothing-found')}
          text={t('api-docs.none')}
          action={
            <Button variant="default" onClick={() => setSearch('')}>
              {t('table.clear-search')}
            </Button>
          }
        />
      )}
      {data !== undefined && <OperationList document={data} operations={shown} opened={op} onOpen={open} />}
    </>
  );
}
