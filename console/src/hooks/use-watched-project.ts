import { useEffect } from 'react';

/** Tells whoever shows what goes on in the background which project the reader is in. */
export function useWatchedProject(projectId: string, watch: (projectId: string) => void): void {
  useEffect(() => watch(projectId), [projectId, watch]);
}
