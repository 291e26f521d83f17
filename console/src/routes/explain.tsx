// "Why was this refused?": a request id in; what was built, which rule, and what to do about it out.
import { Button, Group, Paper, Stack, Text, TextInput } from '@mantine/core';
import { IconSearch, IconZoomQuestion } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isRequestId, latestRefusalsQuery, refusalQuery } from '../api/refusals.ts';
import { DateTime } from '../components/date-time.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { Explanation } from '../components/explain/explanation.tsx';
import { useRefusalText } from '../components/explain/use-refusal-text.ts';
import classes from '../components/explain/explain.module.css';
import { AnchorLink } from '../components/links.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Panel } from '../components/panel.tsx';
import { ProblemNotice } from '../components/problem-notice.tsx';

export function ExplainPage() {
  const { t } = useTranslation();
  const { request } = useSearch({ from: '/shell/explain' });
  return (
    <>
      <PageHeader title={t('explain.title')} description={t('explain.description')} />
      <Stack gap="lg">
        <Ask key={request} request={request ?? ''} />
        {request !== undefined && isRequestId(request) && <Answer request={request.toUpperCase()} />}
        <Latest />
      </Stack>
    </>
  );
}

function Ask({ request }: { request: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [text, setText] = useState(request);
  const wrong = text.trim() !== '' && !isRequestId(text.trim());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isRequestId(text.trim())) void navigate({ to: '/explain', search: { request: text.trim().toUpperCase() } });
  };
  return (
    <Paper withBorder radius="lg" p={20}>
      <form onSubmit={submit}>
        <Group align="flex-start" gap="xs">
          <TextInput
            style={{ flex: '1 1 260px' }}
            classNames={{ input: 'mono' }}
            label={t('problems.request-id')}
            description={t('explain.hint')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            placeholder="770329EF1F5BD13A"
            maxLength={40}
            value={text}
            error={wrong ? t('explain.wrong') : null}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button type="submit" mt={24} disabled={text.trim() === '' || wrong} leftSection={<IconSearch size={16} />}>
            {t('explain.ask')}
          </Button>
        </Group>
      </form>
    </Paper>
  );
}

function Answer({ request }: { request: string }) {
  const { data, error, isPending, refetch } = useQuery(refusalQuery(request));
  return (
    <div aria-live="polite" aria-busy={isPending}>
      <ProblemNotice error={error} onRetry={() => void refetch()} />
      {data !== undefined && <Explanation refusal={data} />}
    </div>
  );
}

function Latest() {
  const { t } = useTranslation();
  const { data, error } = useQuery(latestRefusalsQuery);
  const say = useRefusalText();
  return (
    <Panel title={t('explain.latest')} text={t(data?.scope === 'own' ? 'explain.latest-own' : 'explain.latest-text')}>
      <ProblemNotice error={error} />
      {data?.items.length === 0 && <EmptyState icon={<IconZoomQuestion size={24} />} title={t('explain.none')} />}
      <ul className={classes['latest']}>
        {(data?.items ?? []).map((refusal) => (
          <li key={refusal.requestId}>
            <AnchorLink to="/explain" search={{ request: refusal.requestId }} className="mono" size="sm">
              {refusal.requestId}
            </AnchorLink>
            <span>
              <strong>{refusal.operation}</strong> {refusal.status} {refusal.code}
            </span>
            <Text size="sm" c="dimmed" className={classes['why'] ?? ''}>
              {say.cause(refusal)}
            </Text>
            <DateTime iso={refusal.time} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
