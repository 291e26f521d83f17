// Files and folders out of a drop or a file dialog, with their paths; with handles where the browser gives them.
import type { PickedFile } from './item.ts';

/** From `<input type=file>`: with `webkitdirectory` each file knows its path. */
export const fromInput = (files: FileList): PickedFile[] =>
  [...files].map((file) => ({ file, path: file.webkitRelativePath || file.name, handle: null }));

type Dropped = DataTransferItem & { getAsFileSystemHandle?: () => Promise<FileSystemHandle | null> };

/** Must be called while the drop event is handled: after that the items are empty. */
export async function fromDrop({ items }: DataTransfer): Promise<PickedFile[]> {
  const dropped = [...items].filter(({ kind }) => kind === 'file') as Dropped[];
  const opened = dropped.map((item) => {
    if (item.getAsFileSystemHandle !== undefined)
      return item.getAsFileSystemHandle().then((handle) => readHandle(handle, ''));
    const entry = item.webkitGetAsEntry();
    return entry === null ? Promise.resolve([]) : readEntry(entry, '');
  });
  return (await Promise.all(opened)).flat();
}

type Folder = FileSystemDirectoryHandle & { values: () => AsyncIterable<FileSystemHandle> };

async function readHandle(handle: FileSystemHandle | null, folder: string): Promise<PickedFile[]> {
  if (handle === null) return [];
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
