/** Room for them in a record. */
const MAX_CHARACTERS = 64 * 1024;

/** The keys of a batch, as many as a record takes, and how many there were more. */
export function auditedKeys(keys: readonly string[]): readonly string[] {
  let characters = 0;
  const fitting = keys.findIndex((key) => (characters += key.length) > MAX_CHARACTERS);
  return fitting < 0 ? keys : [...keys.slice(0, fitting), `… ${keys.length - fitting} more`];
}
