// What the object browser shows, as it stands in the address: every view can be linked to.

export type BrowserView = {
  /** the folder, with its slash */
  prefix?: string;
  /** only names that begin so */
  find?: string;
  versions?: true;
  /** whose details are open */
  object?: string;
  version?: string;
};

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** From the parameters of an address, whatever somebody wrote there. Numbers are names, too. */
export function parseView(search: Record<string, unknown>): BrowserView {
  const plain = (value: unknown): string | undefined => text(typeof value === 'number' ? String(value) : value);
  const [prefix, find, object, version] = ['prefix', 'find', 'object', 'version'].map((name) => plain(search[name]));
  return {
    ...(prefix === undefined ? {} : { prefix }),
    ...(find === undefined ? {} : { find }),
    ...(search['versions'] === true ? { versions: true } : {}),
    ...(object === undefined ? {} : { object }),
    ...(object === undefined || version === undefined ? {} : { version }),
  };
}
