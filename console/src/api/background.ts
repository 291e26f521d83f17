import { queryOptions } from '@tanstack/react-query';
import type { BackgroundWork } from '../../../src/console-api/contract/background.ts';
import { request } from './request.ts';
import { isOver } from './tasks.ts';

const WATCH_MS = 2_000;
const IDLE_MS = 60_000;

/** Looked at often while something goes on; whoever starts something asks for it again at once. */
export const backgroundQuery = queryOptions({
  queryKey: ['tasks', 'all'],
  queryFn: ({ signal }) => request<BackgroundWork>('/background', { signal }),
  refetchInterval: ({ state }) => (state.data?.tasks.some(({ task }) => !isOver(task)) === true ? WATCH_MS : IDLE_MS),
});
