import { S3Error } from '../../shared/errors.ts';
import type { RegionFacts } from '../console-deps.ts';

/** Throws InvalidStorageClass for one this server was not given a place for. */
export function chosenClass(
  { storageClasses }: Pick<RegionFacts, 'storageClasses'>,
  asked: string | undefined,
  otherwise: string,
): string {
  const name = asked ?? otherwise;
  if (storageClasses.includes(name)) return name;
  throw new S3Error('InvalidStorageClass', {
    message: `There is no storage class ${name} here. Choose one of ${storageClasses.join(', ')}.`,
    fields: { StorageClass: name },
  });
}
