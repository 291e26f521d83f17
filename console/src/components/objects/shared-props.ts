import type { Place } from '../../api/objects.ts';
import type { Entry } from '../../objects/listing.ts';
import type { Selection } from '../../objects/selection.ts';
import type { BrowserDialog } from './actions.ts';
import type { BrowserView } from './view.ts';

/** What the parts of the browser have in common. */
export type SharedProps = {
  place: Place;
  view: BrowserView;
  chosen: readonly Entry[];
  selection: Selection;
  onSelection: (selection: Selection) => void;
  onGo: (view: BrowserView) => void;
  onDialog: (dialog: BrowserDialog) => void;
};
