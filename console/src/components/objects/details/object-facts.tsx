import { useTranslation } from 'react-i18next';
import type { ObjectView } from '../../../../../src/console-api/contract/objects.ts';
import type { Place } from '../../../api/objects.ts';
import { useFormat } from '../../../hooks/use-format.ts';
import { base64ToHex } from '../../../uploads/crc32.ts';
import { Copyable } from '../../copyable.tsx';
import { DateTime } from '../../date-time.tsx';
import { type Fact, Facts } from '../../facts.tsx';

/** A checksum of parts ends with their number, which is no base64. */
const hexOf = (value: string): string => {
  const [digest = '', parts] = value.split('-');
  return parts === undefined ? base64ToHex(digest) : `${base64ToHex(digest)}-${parts}`;
};

export function ObjectFacts({ place, object }: { place: Place; object: ObjectView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { key, versionId, checksum, encryption } = object;
  const facts: (Fact | null)[] = [
    { label: t('objects.key'), value: <Copyable value={key} label={t('objects.copy-key')} small /> },
    {
      label: t('objects.uri'),
      value: <Copyable value={`s3://${place.bucket}/${key}`} label={t('objects.copy-uri')} small />,
    },
    { label: t('buckets.size'), value: format.exactBytes(object.bytes) },
    { label: t('objects.modified'), value: <DateTime iso={object.lastModified} /> },
    { label: t('bucket.class'), value: object.storageClass },
    { label: 'ETag', value: <Copyable value={object.etag} label={t('objects.copy-etag')} small /> },
    checksum === null
      ? null
      : {
          label: checksum.algorithm,
          value: <Copyable value={hexOf(checksum.value)} label={t('objects.copy-checksum')} small />,
        },
    {
      label: t('bucket.encryption'),
      value:
        encryption === null
          ? t('bucket.encryption-kind.none')
          : [encryption.type, encryption.keyName].filter(Boolean).join(' · '),
    },
    object.parts === null ? null : { label: t('objects.parts'), value: format.count(object.parts) },
    versionId === 'null'
      ? null
      : {
          label: t('objects.version-id'),
          value: <Copyable value={versionId} label={t('objects.copy-version')} small />,
        },
  ];
  return <Facts facts={facts.filter((fact) => fact !== null)} />;
}
