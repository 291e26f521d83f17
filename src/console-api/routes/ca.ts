import { ProblemError } from '../../shared/errors.ts';
import { refusals, textFile } from '../answers.ts';
import { CA_FILE_NAME } from '../connections/setup.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { attachment } from './attachment.ts';

export function caRoutes(api: Api, deps: ConsoleDeps): void {
  api.get(
    '/ca.pem',
    {
      config: { access: 'public', audit: 'GetCaCertificate' },
      schema: {
        tags: ['Connections'],
        summary: 'The certificate of the local CA, to trust',
        response: { 200: textFile, ...refusals },
      },
    },
    async (_request, reply) => {
      if (deps.localCaPem === null) {
        throw new ProblemError(
          404,
          'no-local-ca',
          'This server has no local CA: its certificate comes from elsewhere.',
        );
      }
      return await reply.headers(attachment(CA_FILE_NAME)).type('application/x-pem-file').send(deps.localCaPem);
    },
  );
}
