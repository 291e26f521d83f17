import { useLocalStorage } from '@mantine/hooks';
import { useSuspenseQuery } from '@tanstack/react-query';
import type { RegionView } from '../../../src/console-api/contract.ts';
import { regionsQuery } from '../api/session.ts';

/** The region that the console looks at. A choice that no longer exists falls back to the server's default. */
export function useRegion() {
  const { data: regions } = useSuspenseQuery(regionsQuery);
  const [chosen, choose] = useLocalStorage({
    key: 'vstorage-region',
    defaultValue: '',
    getInitialValueInEffect: false,
  });
  const region = regions.find((one) => one.name === chosen) ?? regions.find((one) => one.default) ?? regions[0];
  if (region === undefined) throw new Error('the server names no region');
  return { region, regions, choose: (next: RegionView) => choose(next.name) };
}
