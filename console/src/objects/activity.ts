// Which projects have something going on, and whether the panel that shows it is open. Pages without either load
// nothing of it.
import { useSyncExternalStore } from 'react';

type Activity = { projectId: string | null; open: boolean };

let activity: Activity = { projectId: null, open: false };
const listeners = new Set<() => void>();

function set(next: Activity): void {
  activity = next;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** The panel shows the project's tasks from now on. */
export function watchActivity(projectId: string): void {
  if (activity.projectId !== projectId) set({ ...activity, projectId });
}

export const openActivity = (projectId: string | null = activity.projectId): void => set({ projectId, open: true });
export const closeActivity = (): void => set({ ...activity, open: false });

export const useActivity = (): Activity => useSyncExternalStore(subscribe, () => activity);
