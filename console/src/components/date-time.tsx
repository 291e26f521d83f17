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
  // Where there is little room a line may break between the two, never inside one.
  const [date, time] = formatDateTime(iso).split(' ');
  return (
    <time dateTime={iso} className="num">
      <span>{date}</span> <span>{time}</span>
    </time>
  );
}
