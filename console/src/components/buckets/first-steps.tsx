import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { connectionsQuery } from '../../api/s3-keys.ts';
import { CodeBlock } from '../code-block.tsx';
import { AnchorLink } from '../links.tsx';

type Props = { projectId: string; bucket: string | null };

/** The other way in: an S3 client, with this server's endpoint in its commands. */
export function FirstSteps({ projectId, bucket }: Props) {
  const { t } = useTranslation();
  const { data } = useQuery(connectionsQuery(projectId, null));
  if (data === undefined) return null;
  const aws = `aws --endpoint-url ${data.endpoint} s3`;
  const s3cmd = `s3cmd --host=${data.host}:${data.port} --host-bucket=`;
  const text =
    bucket === null
      ? `${aws} mb s3://my-bucket\n${s3cmd} mb s3://my-bucket`
      : `${aws} cp FILE s3://${bucket}/\n${s3cmd} put FILE s3://${bucket}/`;
  return (
    <Stack gap={8} w="100%" maw={620} mx="auto" ta="left">
      <Text size="sm" c="dimmed">
        {t('bucket.or-client')}{' '}
        <AnchorLink to="/projects/$projectId/connection" params={{ projectId }} inherit underline="always">
          {t('bucket.connect')}
        </AnchorLink>
      </Text>
      <CodeBlock title={t('bucket.commands')} text={text} />
    </Stack>
  );
}
