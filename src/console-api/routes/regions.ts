import { refusals } from '../answers.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { regionList } from '../contract.ts';

export function regionRoutes(api: Api, deps: ConsoleDeps): void {
  api.get(
    '/regions',
    {
      config: { access: 'signed-in', audit: 'ListRegions' },
      schema: {
        tags: ['Regions'],
        summary: 'The regions and their S3 endpoints',
        response: { 200: regionList, ...refusals },
      },
    },
    async () => ({
      items: deps.regions().map(({ name, endpoint, domains }, index) => ({
        name,
        endpoint,
        domains: [...domains],
        default: index === 0,
      })),
      nextCursor: null,
    }),
  );
}
