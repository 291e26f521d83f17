import type { LookUps, Snapshot } from './metadata-store.ts';

/** For engines that have nothing quicker for it than a snapshot. */
export async function lookUpIn<T extends readonly unknown[]>(snapshot: Snapshot, lookUps: LookUps<T>): Promise<T> {
  const values = await snapshot.getMany(lookUps.map(({ key }) => key));
  // one for each of `lookUps`, which is how T is made
  return lookUps.map(({ parse }, index) => parse(values[index])) as unknown as T;
}
