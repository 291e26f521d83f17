// Tries for one name wait for each other, so that trying many at once gains nothing over the lock-out.
import { ProblemError } from '../shared/errors.ts';

const MAX_WAITING_PER_NAME = 20;

const queues = new Map<string, { last: Promise<unknown>; length: number }>();

export async function oneAtATime<T>(name: string, work: () => Promise<T>): Promise<T> {
  const queue = queues.get(name) ?? { last: Promise.resolve(), length: 0 };
  if (queue.length >= MAX_WAITING_PER_NAME)
    throw new ProblemError(503, 'busy', 'Too many sign-ins at once. Try again.');
  queue.length++;
  queues.set(name, queue);
  const turn = queue.last.then(work, work);
  queue.last = turn;
  try {
    return await turn;
  } finally {
    if (--queue.length === 0) queues.delete(name);
  }
}
