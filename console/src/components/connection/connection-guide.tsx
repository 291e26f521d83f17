// How each S3 client connects, as the server describes it. With `secretKey` (only inside the dialog that generated it)
// the placeholder is replaced here, in the browser; the server never gets to see that.
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { ClientId, Connections } from '../../../../src/console-api/contract.ts';
import { connectionsQuery } from '../../api/s3-keys.ts';
import { fillSecret } from '../../fill-secret.ts';
import { ProblemNotice } from '../problem-notice.tsx';
import { ClientNav } from './client-nav.tsx';
import { ClientSteps } from './client-steps.tsx';
import classes from './connection.module.css';

type Props = {
  projectId: string;
  accessKey: string | null;
  secretKey: string | null;
  /** which client is open; without `onClient` the guide remembers it itself */
  client?: string | null;
  onClient?: (client: ClientId) => void;
  /** inside a dialog */
  compact?: boolean;
};

export function ConnectionGuide({ projectId, accessKey, secretKey, client, onClient, compact = false }: Props) {
  const { data, error, refetch } = useQuery(connectionsQuery(projectId, accessKey));
  const [own, setOwn] = useState<string | null>(null);
  const filled = useMemo(() => (data === undefined ? undefined : fillSecret(data, secretKey)), [data, secretKey]);
  if (error !== null && data === undefined) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (filled === undefined) return <Skeleton h={420} radius="lg" />;
  const current = pickClient(filled, client ?? own);
  if (current === undefined) return null;
  return (
    <div className={classes['guide']} data-compact={compact || undefined}>
      <ClientNav clients={filled.clients} current={current.id} compact={compact} onChoose={onClient ?? setOwn} />
      <ClientSteps key={current.id} setup={current} ca={filled.ca} compact={compact} />
    </div>
  );
}

const pickClient = (connections: Connections, wanted: string | null) =>
  connections.clients.find((client) => client.id === wanted) ?? connections.clients[0];
