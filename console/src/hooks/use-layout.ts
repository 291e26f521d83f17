import { useMediaQuery } from '@mantine/hooks';

export type Layout = 'phone' | 'tablet' | 'desktop';

const at = { getInitialValueInEffect: false };

/** How much room there is. */
export function useLayout(): Layout {
  const phone = useMediaQuery('(max-width: 48em)', false, at);
  const tablet = useMediaQuery('(max-width: 75em)', false, at);
  return phone ? 'phone' : tablet ? 'tablet' : 'desktop';
}
