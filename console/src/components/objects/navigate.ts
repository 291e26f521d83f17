// From one view of the browser to another. Pure: the address is the state.
import type { Entry } from '../../objects/listing.ts';
import { isFile } from '../../objects/rows.ts';
import type { BrowserView } from './view.ts';

const versionsOf = ({ versions }: BrowserView): BrowserView => (versions === true ? { versions } : {});

export const toFolder = (view: BrowserView, prefix: string): BrowserView => ({
  ...versionsOf(view),
  ...(prefix === '' ? {} : { prefix }),
});

export const toParent = (view: BrowserView): BrowserView => toFolder(view, (view.prefix ?? '').replace(/[^/]*\/$/, ''));

export function finding({ find: _find, ...view }: BrowserView, find: string): BrowserView {
  return find === '' ? view : { ...view, find };
}

export function withVersions({ versions: _versions, ...view }: BrowserView, on: boolean): BrowserView {
  return on ? { ...view, versions: true } : view;
}

export function withoutDetails({ object: _object, version: _version, ...view }: BrowserView): BrowserView {
  return view;
}

export function withDetails(view: BrowserView, entry: Entry): BrowserView {
  if (!isFile(entry)) return view;
  const version = entry.kind === 'version' ? { version: entry.versionId } : {};
  return { ...withoutDetails(view), object: entry.key, ...version };
}
