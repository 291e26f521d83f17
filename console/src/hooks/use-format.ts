import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { formatBytes, formatCount, formatPercent } from '../format.ts';

/** The formats of format.ts in the language of the page. */
export function useFormat() {
  const { i18n } = useTranslation();
  const language = i18n.resolvedLanguage ?? 'en';
  return useMemo(() => formatsIn(language), [language]);
}

function formatsIn(language: string) {
  return {
    bytes: (bytes: number) => formatBytes(bytes, language),
    /** to the byte, besides what people can read */
    exactBytes: (bytes: number) =>
      bytes < 1024
        ? formatBytes(bytes, language)
        : `${formatBytes(bytes, language)} (${formatCount(bytes, language)} B)`,
    count: (count: number) => formatCount(count, language),
    percent: (part: number, whole: number) => formatPercent(part, whole, language),
  };
}
