import { useQuery } from '@tanstack/react-query';
import { bucketQuery } from '../../api/buckets.ts';
import type { Listing, ListingState } from '../../objects/listing.ts';
import { clear } from '../../objects/selection.ts';
import type { PickedFile } from '../../uploads/item.ts';
import { finding, toFolder, withVersions } from './navigate.ts';
import { PathBar } from './path-bar.tsx';
import { SelectionBar } from './selection-bar.tsx';
import type { SharedProps } from './shared-props.ts';
import { Toolbar } from './toolbar.tsx';
import { useDownload } from './use-download.ts';

type Props = SharedProps & {
  listing: Listing;
  state: ListingState;
  onUpload: (picked: readonly PickedFile[]) => void;
};

/** Where one is and what there is to do; while something is chosen, what to do with that. */
export function BrowserBar(props: Props) {
  const { place, view, chosen, selection, onSelection, onGo, onDialog, listing, state, onUpload } = props;
  const { prefix = '', find = '', versions = false } = view;
  const bucket = useQuery(bucketQuery(place.projectId, place.bucket)).data;
  const download = useDownload(place);
  const may = (right: ListingState['rights'][number]): boolean => state.rights.includes(right);
  if (chosen.length > 0) {
    return (
      <SelectionBar
        chosen={chosen}
        mayDownload={may('download')}
        mayDelete={may(versions ? 'delete-versions' : 'delete')}
        onDownload={() => void download(chosen, prefix)}
        onCopy={() => onDialog({ kind: 'copy', entries: chosen })}
        onMove={() => onDialog({ kind: 'move', entries: chosen })}
        onDelete={() => onDialog({ kind: 'delete', entries: chosen })}
        onClear={() => onSelection(clear(selection))}
      />
    );
  }
  return (
    <Toolbar
      path={<PathBar bucket={place.bucket} prefix={prefix} onGo={(to) => onGo(toFolder(view, to))} />}
      find={find}
      onFind={(next) => onGo(finding(view, next))}
      versions={bucket === undefined || bucket.versioning === 'off' ? null : versions}
      onVersions={(on) => onGo(withVersions(view, on))}
      refreshing={state.loading && !state.first}
      onRefresh={() => void listing.refresh()}
      mayUpload={may('upload')}
      onUpload={onUpload}
      onNewFolder={() => onDialog({ kind: 'new-folder' })}
    />
  );
}
