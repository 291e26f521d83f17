import { type DragEvent, useRef, useState } from 'react';
import type { PickedFile } from '../../uploads/item.ts';
import { fromDrop } from '../../uploads/pick.ts';

/** Files and folders dropped anywhere on an element. */
export function useDrop(enabled: boolean, onFiles: (picked: readonly PickedFile[]) => void) {
  const [over, setOver] = useState(false);
  // entering a child comes before leaving its parent
  const depth = useRef(0);
  const isFiles = ({ dataTransfer }: DragEvent): boolean => enabled && dataTransfer.types.includes('Files');
  const leave = () => {
    depth.current = Math.max(0, depth.current - 1);
    if (depth.current === 0) setOver(false);
  };
  const drop = async (transfer: DataTransfer) => onFiles(await fromDrop(transfer));
  return {
    over,
    handlers: {
      onDragEnter: (event: DragEvent) => {
        if (!isFiles(event)) return;
        event.preventDefault();
        depth.current++;
        setOver(true);
      },
      onDragOver: (event: DragEvent) => {
        if (isFiles(event)) event.preventDefault();
      },
      onDragLeave: (event: DragEvent) => {
        if (isFiles(event)) leave();
      },
      onDrop: (event: DragEvent) => {
        if (!isFiles(event)) return;
        event.preventDefault();
        depth.current = 0;
        setOver(false);
        void drop(event.dataTransfer);
      },
    },
  };
}
