// The names of files in a ZIP. Keys may hold anything; whoever unpacks them must not be led out of the folder.

/** Names begin after `base`; no two are the same, not even to a disk that knows no case. */
export function archiveNames(base: string): (key: string) => string {
  const taken = new Set<string>();
  return (key) => {
    const name = safeName(key.startsWith(base) ? key.slice(base.length) : key);
    return unique(name, taken);
  };
}

export function safeName(path: string): string {
  const parts = path
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .map((part) => (part === '..' ? '_' : part.replaceAll(/[\u0000-\u001f\u007f]/g, '_')));
  return parts.join('/') || '_';
}

function unique(name: string, taken: Set<string>): string {
  let wanted = name;
  for (let copy = 2; taken.has(wanted.toLowerCase()); copy++) wanted = withNumber(name, copy);
  taken.add(wanted.toLowerCase());
  return wanted;
}

function withNumber(name: string, copy: number): string {
  const dot = name.lastIndexOf('.');
  return dot > name.lastIndexOf('/') + 1 ? `${name.slice(0, dot)} (${copy})${name.slice(dot)}` : `${name} (${copy})`;
}
