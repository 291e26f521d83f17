import { Loader, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { ObjectView, VersionEntry } from '../../../../../src/console-api/contract/objects.ts';
import { objectQuery, type Place } from '../../../api/objects.ts';
import { textQuery } from '../../../api/object-text.ts';
import { formatDateTime } from '../../../format.ts';
import { useFormat } from '../../../hooks/use-format.ts';
import { diffLines } from '../../../objects/diff-lines.ts';
import { isTextual, kindOf } from '../../../objects/file-kind.ts';
import { nameOf } from '../../../objects/names.ts';
import { Modal } from '../../dialog.tsx';
import { systemFields } from './system-fields.ts';
import classes from './details.module.css';

type Version = Extract<VersionEntry, { kind: 'version' }>;
type Props = { place: Place; newer: Version; older: Version; onClose: () => void };

/** Larger texts are compared by their facts only. */
const MAX_TEXT_BYTES = 512 * 1024;

export function CompareVersions({ place, newer, older, onClose }: Props) {
  const { t } = useTranslation();
  const after = useQuery(objectQuery(place, { key: newer.key, versionId: newer.versionId })).data;
  const before = useQuery(objectQuery(place, { key: older.key, versionId: older.versionId })).data;
  const isText =
    isTextual(kindOf(newer.key, newer.contentType)) && Math.max(newer.bytes, older.bytes) <= MAX_TEXT_BYTES;
  return (
    <Modal opened onClose={onClose} title={t('objects.compare-title', { name: nameOf(newer.key) })} size="xl">
      {after === undefined || before === undefined ? (
        <Loader size={18} />
      ) : (
        <Stack>
          <Differences before={before} after={after} />
          {isText && <TextDifferences place={place} before={before} after={after} />}
        </Stack>
      )}
    </Modal>
  );
}

function Differences({ before, after }: { before: ObjectView; after: ObjectView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const factsOf = (object: ObjectView): Record<string, string> => ({
    [t('objects.modified')]: formatDateTime(object.lastModified),
    [t('buckets.size')]: format.exactBytes(object.bytes),
    ETag: object.etag,
    [t('bucket.class')]: object.storageClass,
    ...Object.fromEntries(systemFields.map(({ field, header }) => [header, object.system[field] ?? ''])),
    ...Object.fromEntries(Object.entries(object.metadata).map(([name, value]) => [`x-amz-meta-${name}`, value])),
    [t('objects.tags')]: (object.tags ?? []).map(({ key, value }) => `${key}: ${value}`).join(', '),
  });
  const [left, right] = [factsOf(before), factsOf(after)];
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  const shown = names.filter((name) => (left[name] ?? '') !== '' || (right[name] ?? '') !== '');
  return (
    <Table.ScrollContainer minWidth={480}>
      <Table fz="sm" verticalSpacing={8}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th />
            <Table.Th>{t('objects.before')}</Table.Th>
            <Table.Th>{t('objects.after')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {shown.map((name) => {
            const differs = (left[name] ?? '') !== (right[name] ?? '');
            return (
              <Table.Tr key={name}>
                <Table.Th scope="row">{name}</Table.Th>
                <Table.Td {...(differs ? { fw: 600 } : { c: 'dimmed' })}>{left[name] || '—'}</Table.Td>
                <Table.Td {...(differs ? { fw: 600 } : { c: 'dimmed' })}>{right[name] || '—'}</Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

const signs = { same: ' ', added: '+', removed: '-' } as const;

function TextDifferences({ place, before, after }: { place: Place; before: ObjectView; after: ObjectView }) {
  const { t } = useTranslation();
  const left = useQuery(textQuery(place, before, MAX_TEXT_BYTES)).data;
  const right = useQuery(textQuery(place, after, MAX_TEXT_BYTES)).data;
  if (left === undefined || right === undefined) return <Loader size={18} />;
  if (left.text === right.text) {
    return (
      <Text size="sm" c="dimmed">
        {t('objects.same-text')}
      </Text>
    );
  }
  const lines = diffLines(left.text, right.text);
  return (
    <pre className={classes['diff']} tabIndex={0} aria-label={t('objects.text-differences')}>
      {lines.map(({ change, text }, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- a line has nothing else to be known by
        <span key={index} className={classes['line']} data-change={change}>
          {signs[change]} {text}
        </span>
      ))}
    </pre>
  );
}
