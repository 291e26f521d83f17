// One or more things at once, each by itself: one that cannot be deleted keeps no other from being deleted.
import { ProblemError } from '../shared/errors.ts';
import type { DeleteManyResult } from './contract.ts';

export async function deleteEach(
  ids: readonly string[],
  deleteOne: (id: string) => Promise<void>,
): Promise<DeleteManyResult> {
  const results: DeleteManyResult['results'] = [];
  for (const id of new Set(ids)) {
    try {
      await deleteOne(id);
      results.push({ id, deleted: true });
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      results.push({ id, deleted: false, code: error.code, detail: error.message });
    }
  }
  return { results };
}
