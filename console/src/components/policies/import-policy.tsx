// A policy of the original product, translated: first what would become of it, action by action, then it is made.
import { Badge, Button, Group, Stack, Table, Text, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportedPolicyView } from '../../../../src/console-api/contract/iam.ts';
import { useImportPolicy } from '../../api/policies.ts';
import { useParserText } from '../../hooks/use-parser-text.ts';
import { documentProblem } from '../../policy-problem.ts';
import { CodeBlock } from '../code-block.tsx';
import { Drawer } from '../dialog.tsx';
import { ProblemNotice } from '../problem-notice.tsx';

export function ImportPolicy({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Drawer opened onClose={onClose} title={t('import.title')} size={640}>
      <Form onClose={onClose} />
    </Drawer>
  );
}

function Form({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { fault } = useParserText();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [document, setDocument] = useState('');
  const [seen, setSeen] = useState<ImportedPolicyView | null>(null);
  const bring = useImportPolicy();
  const wrong = documentProblem(bring.error);
  const preview = seen === null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    bring.mutate(
      { name: name.trim(), document, preview },
      {
        onSuccess: (answer) => {
          if (preview) return setSeen(answer);
          notifications.show({ message: t('policies.created-notice', { name: name.trim() }) });
          void navigate({ to: '/policies/view', search: { name: name.trim() } });
          return onClose();
        },
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm" c="dimmed">
          {t('import.text')}
        </Text>
        {wrong === null && <ProblemNotice error={bring.error} />}
        <TextInput
          label={t('policies.name')}
          maxLength={128}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Textarea
          label={t('policies.document')}
          placeholder='{"statements":[{"effect":"allow","actions":["vstorage-hcm03:ListObjects"], …'
          classNames={{ input: 'mono' }}
          autosize
          minRows={6}
          maxRows={14}
          spellCheck={false}
          value={document}
          error={wrong === null ? null : fault(wrong.message)}
          onChange={(event) => {
            setDocument(event.currentTarget.value);
            setSeen(null);
          }}
        />
        {seen !== null && <Report imported={seen} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" disabled={name.trim() === '' || document.trim() === ''} loading={bring.isPending}>
            {t(preview ? 'import.preview' : 'import.make')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const colors = { kept: 'gray', translated: 'blue', dropped: 'yellow' } as const;

function Report({ imported: { report, document } }: { imported: ImportedPolicyView }) {
  const { t } = useTranslation();
  const { fault } = useParserText();
  return (
    <>
      <Table.ScrollContainer minWidth={440}>
        <Table fz="sm" verticalSpacing={6} aria-label={t('import.report')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('import.action')}</Table.Th>
              <Table.Th>{t('import.outcome')}</Table.Th>
              <Table.Th>{t('import.becomes')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {report.map((line) => (
              <Table.Tr key={`${line.statement} ${line.action}`}>
                <Table.Td className="mono">{line.action}</Table.Td>
                <Table.Td>
                  <Badge size="sm" radius="sm" variant="light" tt="none" color={colors[line.outcome]} c="var(--vs-ink)">
                    {t(`import.outcomes.${line.outcome}`)}
                  </Badge>
                </Table.Td>
                <Table.Td>
                  <span className="mono">{line.becomes.join(', ')}</span>
                  {line.note !== null && (
                    <Text size="xs" c="dimmed">
                      {line.note.split('; ').map(fault).join('; ')}
                    </Text>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <CodeBlock title={t('import.result')} text={document} />
    </>
  );
}
