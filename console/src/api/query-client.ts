import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './request.ts';

const isRefusal = (error: Error): boolean => error instanceof ApiError && error.problem.status < 500;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // A refusal stays one; only trouble on the way is worth another try.
      retry: (failures, error) => !isRefusal(error) && failures < 2,
      // `navigator.onLine` is wrong on machines without a network that serve themselves.
      networkMode: 'always',
    },
    // Answers to mutations are not kept: one of them carries a secret.
    mutations: { retry: false, networkMode: 'always', gcTime: 0 },
  },
});

/**
 * Has everything under these keys fetched again. Not awaited: what a mutation says on success must be said while the
 * row or page it was made from still stands.
 */
export function refetch(...keys: readonly string[][]): void {
  for (const queryKey of keys) void queryClient.invalidateQueries({ queryKey });
}
