import { credentialReport } from '../../identity/credential-report.ts';
import { refusals, textFile } from '../answers.ts';
import { callerOf } from '../caller.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { projectParams } from '../contract.ts';
import { projectOf } from '../projects-of.ts';
import { attachment } from './attachment.ts';
import { visibleKeys } from './s3-keys.ts';

export function s3KeyReportRoutes(api: Api, deps: ConsoleDeps): void {
  api.get(
    '/projects/:projectId/s3-keys/report.csv',
    {
      config: { access: 'signed-in', audit: 'GetCredentialReport' },
      schema: {
        tags: ['S3 keys'],
        summary: 'The credential report: the keys of the project that the caller may see, as CSV',
        params: projectParams,
        response: { 200: textFile, ...refusals },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { projectId, name } = await projectOf(deps, caller.identity.accountId, request.params.projectId);
      const { visible } = await visibleKeys(deps, caller, projectId);
      const text = credentialReport(visible, deps.identity.clock());
      return await reply
        .headers(attachment(`s3-keys-${name}.csv`))
        .type('text/csv; charset=utf-8')
        .send(text);
    },
  );
}
