import { queryOptions, useMutation } from '@tanstack/react-query';
import type { SimulateRequest, SimulateResult } from '../../../src/console-api/contract.ts';
import type { ActionView } from '../../../src/console-api/contract/actions.ts';
import { request, requestAll } from './request.ts';

export type { SimulateRequest };
export type SimulatedDecision = SimulateResult['results'][number];

export const useSimulate = () =>
  useMutation({
    mutationFn: (body: SimulateRequest) => request<SimulateResult>('/policies/simulate', { method: 'POST', body }),
  });

export const actionsQuery = queryOptions({
  queryKey: ['actions'],
  queryFn: ({ signal }) => requestAll<ActionView>('/actions', signal),
  staleTime: Number.POSITIVE_INFINITY,
});
