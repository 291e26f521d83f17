import type { ObjectRight } from '../../../../src/console-api/contract/objects.ts';
import type { Place } from '../../api/objects.ts';
import type { Entry } from '../../objects/listing.ts';
import type { BrowserDialog } from './actions.ts';
import { CopyEntries } from './copy-entries.tsx';
import { DeleteEntries } from './delete-entries.tsx';
import { NewFolder } from './new-folder.tsx';
import { RenameEntry } from './rename-entry.tsx';

type Props = {
  place: Place;
  prefix: string;
  dialog: BrowserDialog;
  rights: readonly ObjectRight[];
  /** these are not there any more */
  onGone: (entries: readonly Entry[]) => void;
  onClose: () => void;
};

export function BrowserDialogs({ place, prefix, dialog, rights, onGone, onClose }: Props) {
  switch (dialog.kind) {
    case 'new-folder':
      return <NewFolder place={place} prefix={prefix} onClose={onClose} />;
    case 'rename':
      return <RenameEntry place={place} entry={dialog.entry} onClose={onClose} />;
    case 'delete':
      return <DeleteEntries place={place} entries={dialog.entries} rights={rights} onGone={onGone} onClose={onClose} />;
    case 'copy':
    case 'move':
      return (
        <CopyEntries place={place} kind={dialog.kind} entries={dialog.entries} prefix={prefix} onClose={onClose} />
      );
  }
}
