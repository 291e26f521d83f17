import { createHmac } from 'node:crypto';

/** What only who has the key of the audit trail can make. */
export const macOf = (key: Buffer, text: string): string => createHmac('sha256', key).update(text).digest('hex');
