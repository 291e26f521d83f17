// Markdown becomes HTML, and HTML from a bucket is not to be trusted: it is shown in a frame that may run nothing,
// reach nothing and open nothing. Its images stay away, too: they would tell others who is reading.
import { Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { marked } from 'marked';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectView } from '../../../../src/console-api/contract/objects.ts';
import { textQuery } from '../../api/object-text.ts';
import type { Place } from '../../api/objects.ts';
import { cspNonce } from '../../csp-nonce.ts';
import { ProblemNotice } from '../problem-notice.tsx';
import { MAX_BYTES } from './text-preview.tsx';
import { markdownStyle } from './markdown-style.ts';
import classes from './preview.module.css';

const POLICY = "default-src 'none'; style-src 'nonce-NONCE'; base-uri 'none'; form-action 'none'";

function pageOf(markdown: string, nonce: string): string {
  const html = marked.parse(markdown, { async: false, gfm: true });
  const policy = POLICY.replace('NONCE', nonce);
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="content-security-policy" content="${policy}"><style nonce="${nonce}">${markdownStyle}</style><body>${html}`;
}

export function MarkdownPreview({ place, object }: { place: Place; object: ObjectView }) {
  const { t } = useTranslation();
  const { data, error } = useQuery(textQuery(place, object, MAX_BYTES));
  const page = useMemo(() => (data === undefined ? '' : pageOf(data.text, cspNonce())), [data]);
  if (error !== null) return <ProblemNotice error={error} />;
  if (data === undefined) return <Loader />;
  return <iframe sandbox="" srcDoc={page} title={t('preview.markdown')} className={classes['frame']} />;
}
