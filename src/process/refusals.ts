// Answers given before any handler is reached: S3's XML on the S3 listener, problem+json on the console's.
import { newRequestId } from '../shared/ids.ts';
import type { ListenerName } from './messages.ts';

export type Refusal = { readonly type: string; readonly body: string; readonly headers: readonly string[] };

export function refusal(listener: ListenerName, codes: { s3: string; problem: string }, message: string): Refusal {
  const requestId = newRequestId();
  if (listener === 'console') {
    const problem = { type: 'about:blank', title: 'Bad Request', status: 400, code: codes.problem, detail: message };
    return { type: 'application/problem+json', body: JSON.stringify({ ...problem, requestId }), headers: [] };
  }
  const xml = `<Error><Code>${codes.s3}</Code><Message>${message}</Message><RequestId>${requestId}</RequestId></Error>`;
  return {
    type: 'application/xml',
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`,
    headers: [`x-amz-request-id: ${requestId}`],
  };
}

/** The whole answer as it goes over the wire; the connection ends with it. */
export function rawBadRequest({ type, body, headers }: Refusal): string {
  const head = [
    'HTTP/1.1 400 Bad Request',
    `Content-Type: ${type}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
    ...headers,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
