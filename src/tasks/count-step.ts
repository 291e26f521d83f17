// How much there is to do, so that progress has an end to go to.
import { STEP_MS } from './progress.ts';
import { readPage, sizeOf } from './walk.ts';
import type { Step, Work } from './work.ts';

const PAGE = 1000;

export async function countStep(work: Work): Promise<Step> {
  const endMs = performance.now() + STEP_MS;
  const { task } = work;
  let { objects, bytes } = task.total ?? { objects: 0, bytes: 0 };
  let place: typeof task.place | null = task.place;
  while (place !== null && performance.now() < endMs) {
    const { targets, next } = await readPage(work, place, PAGE);
    objects += targets.length;
    bytes += targets.reduce((sum, { record }) => sum + sizeOf(record), 0);
    place = next;
  }
  const start = { ...task.place, phase: 'working', item: 0, after: null, afterVersion: null } as const;
  return { task: { ...task, status: 'running', total: { objects, bytes }, place: place ?? start }, errors: [] };
}
