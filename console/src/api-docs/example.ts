import type { Operation } from './document.ts';

/** A request as a shell sends it, with a bearer token of a service account. */
export function curlExample({ method, path, requestBody }: Operation, origin: string): string {
  const url = `${origin}${path.replaceAll(/\{(\w+)\}/g, (_, name: string) => `<${name}>`)}`;
  return [
    `curl --cacert vstorage-ca.pem${method === 'GET' ? '' : ` -X ${method}`}`,
    '  -H "Authorization: Bearer $TOKEN"',
    ...(requestBody === undefined ? [] : ['  -H "Content-Type: application/json"', "  -d '{}'"]),
    `  '${url}'`,
  ].join(' \\\n');
}
