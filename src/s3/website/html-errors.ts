// Errors as a website shows them: pages for people.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html
import { STATUS_CODES } from 'node:http';
import type { S3Error } from '../../shared/errors.ts';
import type { ReplyIds } from '../reply.ts';
import { escapeText } from '../../shared/xml-text.ts';

function titleOf({ status }: S3Error): string {
  return `${status} ${STATUS_CODES[status] ?? ''}`.trim();
}

function listOf(error: S3Error, ids: ReplyIds | null): string {
  const items = [
    ['Code', error.code],
    ['Message', error.message],
    ...Object.entries(error.fields),
    ...(ids === null
      ? []
      : [
          ['RequestId', ids.requestId],
          ['HostId', ids.hostId],
        ]),
  ];
  return `<ul>\n${items.map(([name = '', value = '']) => `<li>${name}: ${escapeText(value)}</li>\n`).join('')}</ul>\n`;
}

/** `ofErrorPage`: why the site's own error page could not be shown. */
export function errorHtml(error: S3Error, ids: ReplyIds, ofErrorPage: S3Error | null = null): string {
  const title = titleOf(error);
  const second =
    ofErrorPage === null
      ? ''
      : `<h3>An Error Occurred While Attempting to Retrieve a Custom Error Document</h3>\n${listOf(ofErrorPage, null)}`;
  return `<html>\n<head><title>${title}</title></head>\n<body>\n<h1>${title}</h1>\n${listOf(error, ids)}${second}<hr/>\n</body>\n</html>\n`;
}

/** What scripts read instead of the page. */
export function websiteErrorHeaders(error: S3Error): Record<string, string> {
  const isPlain = /^[\x20-\x7e]*$/.test(error.message);
  return {
    ...error.headers,
    'x-amz-error-code': error.code,
    ...(isPlain ? { 'x-amz-error-message': error.message } : {}),
  };
}
