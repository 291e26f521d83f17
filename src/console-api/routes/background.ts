// One look at everything that goes on in the background, for the bar at the top of the console.
import { refOf } from '../../access/principal.ts';
import type { ProjectRecord } from '../../metadata/tables/identities.ts';
import type { TaskRecord } from '../../metadata/tables/tasks.ts';
import { listProjects } from '../../projects/projects.ts';
import { isFinished, listTasks } from '../../tasks/task-rows.ts';
import { refusals } from '../answers.ts';
import { type Caller, callerOf, isSame, may } from '../caller.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { type BackgroundTask, backgroundWork } from '../contract/background.ts';
import { viewTask } from '../objects/task-view.ts';
import { isoTime } from '../views/times.ts';

const LATEST_OF_A_PROJECT = 20;
const RECENT_MS = 3_600_000;

export function backgroundRoutes(api: Api, deps: ConsoleDeps): void {
  api.get(
    '/background',
    {
      config: { access: 'signed-in', audit: 'ListBackgroundWork' },
      schema: {
        tags: ['Tasks'],
        summary: 'What goes on in the background: the caller’s tasks in all projects, and the server’s jobs',
        response: { 200: backgroundWork, ...refusals },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const isRoot = caller.identity.type === 'root';
      const [tasks, jobs] = await Promise.all([tasksOf(deps, caller), isRoot ? deps.listJobs() : []]);
      return {
        tasks,
        jobs: jobs.map(({ name, state, paused, updatedAt }) => ({
          name,
          state,
          paused,
          updatedAt: isoTime(updatedAt),
        })),
      };
    },
  );
}

async function tasksOf(deps: ConsoleDeps, caller: Caller): Promise<BackgroundTask[]> {
  const projects = await listProjects(deps.identity, caller.identity.accountId);
  const visible = projects.filter(({ projectId }) => may(caller, 'vstorage:ListProjects', projectId));
  const found = await Promise.all(visible.map((project) => latestOf(deps, caller, project)));
  return found.flat().toSorted((a, b) => b.task.createdAt.localeCompare(a.task.createdAt));
}

/** Those of others are for the root account only. */
async function latestOf(
  deps: ConsoleDeps,
  { identity }: Caller,
  { projectId, name: projectName }: ProjectRecord,
): Promise<BackgroundTask[]> {
  const self = refOf(identity);
  const since = deps.identity.clock() - RECENT_MS;
  const isShown = (task: TaskRecord): boolean =>
    (identity.type === 'root' || isSame(self, task.createdBy)) && (!isFinished(task) || (task.finishedAt ?? 0) > since);
  const latest = await listTasks(deps.storage, projectId, { after: null, limit: LATEST_OF_A_PROJECT });
  return latest.filter(isShown).map((task) => ({ projectId, projectName, task: viewTask(task) }));
}
