import { queryOptions, useMutation } from '@tanstack/react-query';
import type { CreateTaskRequest, TaskErrors, TaskList, TaskView } from '../../../src/console-api/contract/tasks.ts';
import { queryClient, refetch } from './query-client.ts';
import { request } from './request.ts';

const path = (projectId: string): string => `/projects/${encodeURIComponent(projectId)}/tasks`;
const WATCH_MS = 1000;

export const isOver = ({ status }: Pick<TaskView, 'status'>): boolean =>
  status === 'done' || status === 'failed' || status === 'cancelled';

/** The latest ones; looked at again and again while one of them is not over. */
export const tasksQuery = (projectId: string) =>
  queryOptions({
    queryKey: ['tasks', projectId],
    queryFn: async ({ signal }) => (await request<TaskList>(`${path(projectId)}?limit=20`, { signal })).items,
    refetchInterval: ({ state }) => (state.data?.some((task) => !isOver(task)) === true ? WATCH_MS : false),
  });

export const taskErrorsQuery = (projectId: string, id: string) =>
  queryOptions({
    queryKey: ['tasks', projectId, id, 'errors'],
    queryFn: async ({ signal }) =>
      (await request<TaskErrors>(`${path(projectId)}/${id}/errors?limit=100`, { signal })).items,
  });

/** Shown at once, before the next look. */
export function noteTask(projectId: string, task: TaskView): void {
  queryClient.setQueryData(tasksQuery(projectId).queryKey, (known) => [
    task,
    ...(known ?? []).filter(({ id }) => id !== task.id),
  ]);
  refetch(['tasks', projectId], ['tasks', 'all']);
}

export const useCreateTask = (projectId: string) =>
  useMutation({
    mutationFn: (body: CreateTaskRequest) => request<TaskView>(path(projectId), { method: 'POST', body }),
    onSuccess: (task) => noteTask(projectId, task),
  });

export const useCancelTask = (projectId: string) =>
  useMutation({
    mutationFn: (id: string) => request<TaskView>(`${path(projectId)}/${id}/cancel`, { method: 'POST' }),
    onSuccess: (task) => noteTask(projectId, task),
  });
