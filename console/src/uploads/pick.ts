// Files and folders out of a drop or a file dialog, with their paths; with handles where the browser gives them.
import type { PickedFile } from './item.ts';

/** From `<input type=file>`: with `webkitdirectory` each file knows its path. */
export const fromInput = (files: FileList): PickedFile[] =>
  [...files].map((file) => ({ file, path: file.webkitRelativePath || file.name, handle: null }));

type Dropped = DataTransferItem & { getAsFileSystemHandle?: () => Promise<FileSystemHandle | null> };

/** Must be called while the drop event is handled: after that the items are empty. */
export async function fromDrop({ items }: DataTransfer): Promise<PickedFile[]> {
  const opened = Array.from(items)
    .filter(({ kind }) => kind === 'file')
    .map((item) => openItem(item));
  return (await Promise.all(opened)).flat();
}

/** All ways in are taken at once: which of them leads anywhere is known only later. */
async function openItem(item: Dropped): Promise<PickedFile[]> {
  const file = item.getAsFile();
  const entry = item.webkitGetAsEntry();
  const handle = await item.getAsFileSystemHandle?.().catch(() => null);
  if (handle) return readHandle(handle, '');
  if (entry !== null) return readEntry(entry, '');
  return file === null ? [] : [{ file, path: file.name, handle: null }];
}

type Folder = FileSystemDirectoryHandle & { values: () => AsyncIterable<FileSystemHandle> };

async function readHandle(handle: FileSystemHandle, folder: string): Promise<PickedFile[]> {
  if (handle.kind === 'file') {
    const file = handle as FileSystemFileHandle;
    return [{ file: await file.getFile(), path: folder + handle.name, handle: file }];
  }
  const found: PickedFile[] = [];
  for await (const inside of (handle as Folder).values()) {
    found.push(...(await readHandle(inside, `${folder}${handle.name}/`)));
  }
  return found;
}

async function readEntry(entry: FileSystemEntry, folder: string): Promise<PickedFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ file, path: folder + entry.name, handle: null }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: PickedFile[] = [];
  for (;;) {
    // a folder is read in pieces until one is empty
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return found;
    for (const inside of some) found.push(...(await readEntry(inside, `${folder}${entry.name}/`)));
  }
}
