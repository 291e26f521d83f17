import type { Place } from '../../api/objects.ts';
import { openActivity } from '../../objects/activity.ts';
import type { PickedFile } from '../../uploads/item.ts';

/** Puts files into the upload queue, which is loaded when it is first needed. */
export function useUpload(place: Place, prefix: string) {
  const add = async (picked: readonly PickedFile[]): Promise<void> => {
    const { uploads } = await import('../../uploads/queue.ts');
    uploads.add(place, prefix, picked);
    openActivity(place.projectId);
  };
  return (picked: readonly PickedFile[]): void => {
    if (picked.length > 0) void add(picked);
  };
}
