import { Text } from '@mantine/core';
import { formatDateTime } from '../format.ts';

/** A moment in the reader's zone; what never happened is a dash that screen readers can say. */
export function DateTime({ iso, never }: { iso: string | null; never?: string }) {
  if (iso === null)
    return (
      <Text span inherit c="dimmed">
        {never ?? '—'}
      </Text>
    );
  return (
    <time dateTime={iso} className="num">
      {formatDateTime(iso)}
    </time>
  );
}
