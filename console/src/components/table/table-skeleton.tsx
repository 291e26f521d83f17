import { Skeleton, Stack } from '@mantine/core';

export function TableSkeleton() {
  return (
    <Stack gap="md" p="md" aria-hidden="true">
      {[92, 84, 88].map((width) => (
        <Skeleton key={width} h={20} w={`${width}%`} />
      ))}
    </Stack>
  );
}
