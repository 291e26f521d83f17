import { Loader, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectView } from '../../../../src/console-api/contract/objects.ts';
import { textQuery } from '../../api/object-text.ts';
import type { Place } from '../../api/objects.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { parseCsv } from '../../objects/csv.ts';
import type { FileKind } from '../../objects/file-kind.ts';
import { endingOf } from '../../objects/names.ts';
import { ProblemNotice } from '../problem-notice.tsx';
import classes from './preview.module.css';

/** Of longer texts only the beginning is fetched. */
export const MAX_BYTES = 512 * 1024;
const MAX_LINES = 5000;
const MAX_ROWS = 1000;

type Props = { place: Place; object: ObjectView; kind: FileKind };

export function TextPreview({ place, object, kind }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, error } = useQuery(textQuery(place, object, MAX_BYTES));
  if (error !== null) return <ProblemNotice error={error} />;
  if (data === undefined) return <Loader />;
  if (data.binary) return <Text c="dimmed">{t('preview.binary')}</Text>;
  return (
    <div className={classes['text']} tabIndex={0} role="region" aria-label={t('preview.text')}>
      {data.truncated && (
        <div className={classes['hint']}>{t('preview.beginning', { size: format.bytes(MAX_BYTES) })}</div>
      )}
      {kind === 'csv' ? (
        <Sheet text={data.text} separator={endingOf(object.key) === 'tsv' ? '\t' : null} />
      ) : (
        <Lines text={kind === 'json' && !data.truncated ? indented(data.text) : data.text} />
      )}
    </div>
  );
}

/** JSON as people read it; what is no JSON stays as it is. */
function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function Lines({ text }: { text: string }) {
  const lines = text.split('\n').slice(0, MAX_LINES);
  return (
    <>
      {lines.map((line, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- a line has nothing else to be known by
        <div key={index} className={classes['line']} data-number={index + 1}>
          {line}
        </div>
      ))}
    </>
  );
}

function Sheet({ text, separator }: { text: string; separator: string | null }) {
  const rows = useMemo(() => parseCsv(text, separator, MAX_ROWS), [text, separator]);
  const [head = [], ...rest] = rows;
  return (
    <div className={classes['sheet']}>
      <Table fz="sm" stickyHeader withColumnBorders highlightOnHover verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            {head.map((cell, index) => (
              // oxlint-disable-next-line react/no-array-index-key
              <Table.Th key={index}>{cell}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rest.map((row, index) => (
            // oxlint-disable-next-line react/no-array-index-key
            <Table.Tr key={index}>
              {head.map((_, column) => (
                // oxlint-disable-next-line react/no-array-index-key
                <Table.Td key={column}>{row[column] ?? ''}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
