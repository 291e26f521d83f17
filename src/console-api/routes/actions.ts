import { managementActions, s3Actions } from '../../policy/actions.ts';
import { refusals } from '../answers.ts';
import type { Api } from '../console-deps.ts';
import { actionList } from '../contract/actions.ts';

export function actionRoutes(api: Api): void {
  api.get(
    '/actions',
    {
      config: { access: 'signed-in', audit: 'ListActions' },
      schema: {
        tags: ['Policies'],
        summary: 'Every action that policies can speak of',
        response: { 200: actionList, ...refusals },
      },
    },
    async () => ({ items: [...s3Actions, ...managementActions], nextCursor: null }),
  );
}
