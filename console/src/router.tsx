// The pages and who may see them. Every page is a chunk of its own, loaded when it is visited or pointed at.
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import type { QueryClient } from '@tanstack/react-query';
import type { AuditFilter } from './api/audit.ts';
import { queryClient } from './api/query-client.ts';
import { forgetSession, regionsQuery, sessionQuery } from './api/session.ts';
import { onSessionChanged } from './api/request.ts';
import { ErrorPage } from './components/error-page.tsx';
import { NotFoundPage } from './components/not-found-page.tsx';
import { PageSkeleton } from './components/page-skeleton.tsx';
import { parseSection } from './components/bucket-settings/section-names.ts';
import { parseView } from './components/objects/view.ts';
import { parseReportSearch } from './reports/view.ts';
import { parseReturnPath } from './return-path.ts';

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({ component: Outlet });

const returnPath = (search: Record<string, unknown>): { redirect?: string } => parseReturnPath(search['redirect']);

const signin = createRoute({
  getParentRoute: () => root,
  path: '/signin',
  validateSearch: returnPath,
  beforeLoad: async ({ context, search }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery);
    if (session !== null) throw redirect({ href: search.redirect ?? '/overview' });
  },
  component: lazyRouteComponent(() => import('./routes/sign-in.tsx'), 'SignInPage'),
});

const forgot = createRoute({
  getParentRoute: () => root,
  path: '/signin/forgot',
  validateSearch: (search): { kind: 'root' | 'iam' } => ({ kind: search['kind'] === 'iam' ? 'iam' : 'root' }),
  component: lazyRouteComponent(() => import('./routes/forgot-password.tsx'), 'ForgotPasswordPage'),
});
const signUp = createRoute({
  getParentRoute: () => root,
  path: '/signin/sign-up',
  component: lazyRouteComponent(() => import('./routes/sign-up.tsx'), 'SignUpPage'),
});
const mailLink = createRoute({
  getParentRoute: () => root,
  path: '/signin/link',
  component: lazyRouteComponent(() => import('./routes/mail-link.tsx'), 'MailLinkPage'),
});
const callback = createRoute({
  getParentRoute: () => root,
  path: '/signin/callback',
  component: lazyRouteComponent(() => import('./routes/provider-callback.tsx'), 'ProviderCallbackPage'),
});
const required = createRoute({
  getParentRoute: () => root,
  path: '/signin/required',
  validateSearch: returnPath,
  beforeLoad: async ({ context, search }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery);
    if (session === null) throw redirect({ to: '/signin', search });
    if (session.pending === null) throw redirect({ href: search.redirect ?? '/overview' });
  },
  component: lazyRouteComponent(() => import('./routes/required.tsx'), 'RequiredPage'),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  beforeLoad: async ({ context, location }) => {
    const session = await context.queryClient.ensureQueryData({ ...sessionQuery, revalidateIfStale: true });
    if (session === null) throw redirect({ to: '/signin', search: parseReturnPath(location.href) });
    if (session.pending !== null) throw redirect({ to: '/signin/required', search: parseReturnPath(location.href) });
    return { session };
  },
  loader: ({ context }) => context.queryClient.ensureQueryData(regionsQuery),
  component: lazyRouteComponent(() => import('./components/shell/shell.tsx'), 'Shell'),
});

const index = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/overview' });
  },
});
const overview = createRoute({
  getParentRoute: () => shell,
  path: '/overview',
  component: lazyRouteComponent(() => import('./routes/overview.tsx'), 'OverviewPage'),
});
const reports = createRoute({
  getParentRoute: () => shell,
  path: '/reports',
  validateSearch: parseReportSearch,
  component: lazyRouteComponent(() => import('./routes/reports.tsx'), 'ReportsPage'),
});
const projects = createRoute({
  getParentRoute: () => shell,
  path: '/projects',
  component: lazyRouteComponent(() => import('./routes/projects.tsx'), 'ProjectsPage'),
});
const project = createRoute({
  getParentRoute: () => shell,
  path: '/projects/$projectId',
  component: lazyRouteComponent(() => import('./routes/project.tsx'), 'ProjectPage'),
});
const projectIndex = createRoute({
  getParentRoute: () => project,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/projects/$projectId/information', params, replace: true });
  },
});
const information = createRoute({
  getParentRoute: () => project,
  path: '/information',
  component: lazyRouteComponent(() => import('./routes/project-information.tsx'), 'ProjectInformation'),
});
const buckets = createRoute({
  getParentRoute: () => project,
  path: '/buckets',
  component: lazyRouteComponent(() => import('./routes/project-buckets.tsx'), 'ProjectBuckets'),
});
const bucket = createRoute({
  getParentRoute: () => shell,
  path: '/projects/$projectId/buckets/$bucket',
  component: lazyRouteComponent(() => import('./routes/bucket.tsx'), 'BucketPage'),
});
const bucketIndex = createRoute({
  getParentRoute: () => bucket,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/projects/$projectId/buckets/$bucket/objects', params, replace: true });
  },
});
const objects = createRoute({
  getParentRoute: () => bucket,
  path: '/objects',
  validateSearch: parseView,
  component: lazyRouteComponent(() => import('./routes/bucket-objects.tsx'), 'BucketObjects'),
});
const bucketSettings = createRoute({
  getParentRoute: () => bucket,
  path: '/settings',
  validateSearch: parseSection,
  component: lazyRouteComponent(() => import('./routes/bucket-settings.tsx'), 'BucketSettings'),
});
const access = createRoute({
  getParentRoute: () => project,
  path: '/access',
  component: lazyRouteComponent(() => import('./routes/project-access.tsx'), 'ProjectAccess'),
});
const connection = createRoute({
  getParentRoute: () => project,
  path: '/connection',
  validateSearch: (search): { key?: string; client?: string } => ({
    ...(typeof search['key'] === 'string' ? { key: search['key'] } : {}),
    ...(typeof search['client'] === 'string' ? { client: search['client'] } : {}),
  }),
  component: lazyRouteComponent(() => import('./routes/project-connection.tsx'), 'ProjectConnection'),
});
const projectLimits = createRoute({
  getParentRoute: () => project,
  path: '/limits',
  component: lazyRouteComponent(() => import('./routes/project-limits.tsx'), 'ProjectLimits'),
});
const projectHistory = createRoute({
  getParentRoute: () => project,
  path: '/history',
  component: lazyRouteComponent(() => import('./routes/project-history.tsx'), 'ProjectHistory'),
});
const users = createRoute({
  getParentRoute: () => shell,
  path: '/users',
  component: lazyRouteComponent(() => import('./routes/users.tsx'), 'UsersPage'),
});
const user = createRoute({
  getParentRoute: () => shell,
  path: '/users/$userId',
  component: lazyRouteComponent(() => import('./routes/user.tsx'), 'UserPage'),
});
const groups = createRoute({
  getParentRoute: () => shell,
  path: '/groups',
  component: lazyRouteComponent(() => import('./routes/groups.tsx'), 'GroupsPage'),
});
const group = createRoute({
  getParentRoute: () => shell,
  path: '/groups/$groupId',
  component: lazyRouteComponent(() => import('./routes/group.tsx'), 'GroupPage'),
});
const serviceAccounts = createRoute({
  getParentRoute: () => shell,
  path: '/service-accounts',
  component: lazyRouteComponent(() => import('./routes/service-accounts.tsx'), 'ServiceAccountsPage'),
});
const serviceAccount = createRoute({
  getParentRoute: () => shell,
  path: '/service-accounts/$id',
  component: lazyRouteComponent(() => import('./routes/service-account.tsx'), 'ServiceAccountPage'),
});
const policies = createRoute({
  getParentRoute: () => shell,
  path: '/policies',
  component: lazyRouteComponent(() => import('./routes/policies.tsx'), 'PoliciesPage'),
});
const newPolicy = createRoute({
  getParentRoute: () => shell,
  path: '/policies/create',
  validateSearch: (search): { from?: string } => (typeof search['from'] === 'string' ? { from: search['from'] } : {}),
  component: lazyRouteComponent(() => import('./routes/policy-create.tsx'), 'PolicyCreatePage'),
});
const policy = createRoute({
  getParentRoute: () => shell,
  // The name is a search parameter: it may hold dots, which the server would take for a missing file.
  path: '/policies/view',
  validateSearch: (search): { name: string } => ({
    name: typeof search['name'] === 'string' ? search['name'] : '',
  }),
  component: lazyRouteComponent(() => import('./routes/policy.tsx'), 'PolicyPage'),
});
const roles = createRoute({
  getParentRoute: () => shell,
  path: '/roles',
  component: lazyRouteComponent(() => import('./routes/roles.tsx'), 'RolesPage'),
});
const role = createRoute({
  getParentRoute: () => shell,
  path: '/roles/$roleId',
  component: lazyRouteComponent(() => import('./routes/role.tsx'), 'RolePage'),
});
const allKeys = createRoute({
  getParentRoute: () => shell,
  path: '/s3-keys',
  component: lazyRouteComponent(() => import('./routes/s3-keys.tsx'), 'AllS3KeysPage'),
});
const explain = createRoute({
  getParentRoute: () => shell,
  path: '/explain',
  validateSearch: (search): { request?: string } =>
    // a request id of digits only is read from the address as a number
    typeof search['request'] === 'string' || typeof search['request'] === 'number'
      ? { request: String(search['request']) }
      : {},
  component: lazyRouteComponent(() => import('./routes/explain.tsx'), 'ExplainPage'),
});
const auditFilters = [
  'who',
  'operation',
  'outcome',
  'channel',
  'access',
  'resource',
  'address',
  'requestId',
  'last',
] as const;
const audit = createRoute({
  getParentRoute: () => shell,
  path: '/audit',
  validateSearch: (search): AuditFilter =>
    Object.fromEntries(
      auditFilters.flatMap((name) => (typeof search[name] === 'string' ? [[name, search[name]]] : [])),
    ),
  component: lazyRouteComponent(() => import('./routes/audit.tsx'), 'AuditPage'),
});
const simulator = createRoute({
  getParentRoute: () => shell,
  path: '/simulator',
  validateSearch: (search): { user?: string; serviceAccount?: string; role?: string } => ({
    ...(typeof search['user'] === 'string' ? { user: search['user'] } : {}),
    ...(typeof search['serviceAccount'] === 'string' ? { serviceAccount: search['serviceAccount'] } : {}),
    ...(typeof search['role'] === 'string' ? { role: search['role'] } : {}),
  }),
  component: lazyRouteComponent(() => import('./routes/simulator.tsx'), 'SimulatorPage'),
});
const trash = createRoute({
  getParentRoute: () => shell,
  path: '/trash',
  component: lazyRouteComponent(() => import('./routes/trash.tsx'), 'TrashPage'),
});

const security = createRoute({
  getParentRoute: () => shell,
  path: '/security',
  component: lazyRouteComponent(() => import('./routes/security.tsx'), 'SecurityPage'),
});
const signInSecurity = createRoute({
  getParentRoute: () => shell,
  path: '/sign-in-security',
  component: lazyRouteComponent(() => import('./routes/sign-in-security.tsx'), 'SignInSecurityPage'),
});

const apiDocs = createRoute({
  getParentRoute: () => shell,
  path: '/api-docs',
  validateSearch: (search): { op?: string } => (typeof search['op'] === 'string' ? { op: search['op'] } : {}),
  component: lazyRouteComponent(() => import('./routes/api-docs.tsx'), 'ApiDocsPage'),
});

const routeTree = root.addChildren([
  signin,
  forgot,
  signUp,
  mailLink,
  callback,
  required,
  shell.addChildren([
    index,
    overview,
    reports,
    projects,
    project.addChildren([projectIndex, information, buckets, access, connection, projectLimits, projectHistory]),
    bucket.addChildren([bucketIndex, objects, bucketSettings]),
    users,
    user,
    groups,
    group,
    serviceAccounts,
    serviceAccount,
    policies,
    newPolicy,
    policy,
    roles,
    role,
    allKeys,
    simulator,
    explain,
    audit,
    trash,
    security,
    signInSecurity,
    apiDocs,
  ]),
]);

export const router = createRouter({
  routeTree,
  context: { queryClient },
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultNotFoundComponent: NotFoundPage,
  defaultErrorComponent: ErrorPage,
  defaultPendingComponent: PageSkeleton,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

// The server ended the session (idle, password changed, user disabled): the guard above leads to the sign-in page,
// which returns to the same place. Or somebody else signed in in another tab, or the account's rules have changed: the
// guard finds out.
onSessionChanged((change) => {
  if (change === 'ended') forgetSession();
  else if (change === 'replaced') queryClient.clear();
  else queryClient.removeQueries({ queryKey: sessionQuery.queryKey });
  router.invalidate().catch(() => location.reload());
});
