/** Not in TypeScript's library: only some browsers have it. */
type Permitted = FileSystemFileHandle & {
  requestPermission: (options: { mode: 'read' }) => Promise<PermissionState>;
};

const canAsk = (handle: FileSystemFileHandle): handle is Permitted => 'requestPermission' in handle;

/** The file a handle leads to, if the reader lets the page open it; null: it is gone, or not to be opened. */
export async function reopenFile(handle: FileSystemFileHandle): Promise<File | null> {
  try {
    const answer = canAsk(handle) ? await handle.requestPermission({ mode: 'read' }) : 'granted';
    return answer === 'granted' ? await handle.getFile() : null;
  } catch {
    return null;
  }
}
