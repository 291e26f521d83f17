// The browser's own file dialog. An input of the page's, so that it works in every browser; where the File System
// Access dialogs exist, files keep a handle and go on by themselves after a reload.
import { fromInput } from './pick.ts';
import type { PickedFile } from './item.ts';

/** Resolves with nothing when the reader thinks better of it. */
export function chooseFiles(folder: boolean): Promise<PickedFile[]> {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.webkitdirectory = folder;
  input.hidden = true;
  document.body.append(input);
  return new Promise((resolve) => {
    const settle = (picked: PickedFile[]): void => {
      input.remove();
      resolve(picked);
    };
    input.addEventListener('change', () => settle(input.files === null ? [] : fromInput(input.files)));
    input.addEventListener('cancel', () => settle([]));
    input.click();
  });
}
