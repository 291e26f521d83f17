// One request with a body that takes time. Not fetch: that does not tell how much has been sent.
import type { Problem } from '../../../src/console-api/contract.ts';
import { ApiError, currentCsrfToken, UnreachableError } from '../api/request.ts';

type Options = {
  headers: Readonly<Record<string, string>>;
  signal: AbortSignal;
  onProgress: (sentBytes: number) => void;
};

/** Errors: ApiError (refused), UnreachableError (no answer), the signal's reason. */
export function sendBytes<Answer>(path: string, body: Blob, { headers, signal, onProgress }: Options): Promise<Answer> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const xhr = new XMLHttpRequest();
    const abort = (): void => xhr.abort();
    const settle = (): void => signal.removeEventListener('abort', abort);
    xhr.open('PUT', `/api/v1${path}`);
    xhr.setRequestHeader('x-csrf-token', currentCsrfToken());
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.upload.addEventListener('progress', ({ loaded }) => onProgress(loaded));
    xhr.addEventListener('load', () => {
      settle();
      if (xhr.status >= 200 && xhr.status < 300) resolve(JSON.parse(xhr.responseText) as Answer);
      else if (xhr.status === 502 || xhr.status === 504) reject(new UnreachableError(xhr.status));
      else reject(new ApiError(readProblem(xhr)));
    });
    xhr.addEventListener('error', () => {
      settle();
      reject(new UnreachableError('the connection was lost'));
    });
    xhr.addEventListener('abort', () => reject(signal.reason));
    signal.addEventListener('abort', abort, { once: true });
    xhr.send(body);
  });
}

function readProblem(xhr: XMLHttpRequest): Problem {
  const unknown = {
    type: 'about:blank',
    title: xhr.statusText,
    status: xhr.status,
    code: 'unexpected-answer',
    detail: `The server answered ${xhr.status} ${xhr.statusText}.`,
    requestId: '',
  };
  try {
    return { ...unknown, ...(JSON.parse(xhr.responseText) as Partial<Problem>) };
  } catch {
    return unknown;
  }
}
