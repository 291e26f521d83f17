import { Center, Stack } from '@mantine/core';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/request.ts';
import { usePageTitle } from '../hooks/use-page-title.ts';
import { NotFoundPage } from './not-found-page.tsx';
import { ProblemNotice } from './problem-notice.tsx';

/** The boundary around every page: the shell stays, the page can be tried again. */
export function ErrorPage({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  const router = useRouter();
  usePageTitle(t('problems.title'));
  if (error instanceof ApiError && error.problem.status === 404) return <NotFoundPage />;
  const retry = () => {
    reset();
    router.invalidate().catch(() => location.reload());
  };
  return (
    <Center mih={320} p="md">
      <Stack maw={480} w="100%">
        <ProblemNotice error={error} onRetry={retry} />
      </Stack>
    </Center>
  );
}
