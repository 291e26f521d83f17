// What goes on in the background: tasks of the account, in all projects, and the server's own jobs.
import { z } from 'zod';
import { taskView } from './tasks.ts';

const time = z.iso.datetime();

export const backgroundTask = z.object({ projectId: z.string(), projectName: z.string(), task: taskView });
export type BackgroundTask = z.infer<typeof backgroundTask>;

export const backgroundWork = z.object({
  /** those that are not over, and those that ended within the last hour, newest first */
  tasks: z.array(backgroundTask),
  /** for the root account only: of the whole server */
  jobs: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['running', 'waiting', 'failing', 'stopped']),
      paused: z.boolean(),
      updatedAt: time,
    }),
  ),
});
export type BackgroundWork = z.infer<typeof backgroundWork>;
