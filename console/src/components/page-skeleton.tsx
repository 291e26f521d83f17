import { Skeleton, Stack } from '@mantine/core';

export function PageSkeleton() {
  return (
    <Stack gap="md" p="lg" aria-hidden="true">
      <Skeleton h={28} w={220} />
      <Skeleton h={16} w={320} maw="80%" />
      <Skeleton h={240} mt="md" radius="lg" />
    </Stack>
  );
}
