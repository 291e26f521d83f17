import type { SystemMetadataView } from '../../../../../src/console-api/contract/objects.ts';

/** The headers that are stored with an object, by the names HTTP has for them. */
export const systemFields: readonly { field: keyof SystemMetadataView; header: string; example: string }[] = [
  { field: 'contentType', header: 'Content-Type', example: 'image/png' },
  { field: 'cacheControl', header: 'Cache-Control', example: 'max-age=3600' },
  { field: 'contentDisposition', header: 'Content-Disposition', example: 'attachment; filename="a.png"' },
  { field: 'contentEncoding', header: 'Content-Encoding', example: 'gzip' },
  { field: 'contentLanguage', header: 'Content-Language', example: 'vi' },
  { field: 'expires', header: 'Expires', example: 'Thu, 31 Dec 2026 16:00:00 GMT' },
  { field: 'websiteRedirectLocation', header: 'x-amz-website-redirect-location', example: '/index.html' },
];
