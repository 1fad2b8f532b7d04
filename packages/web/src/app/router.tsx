import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, redirect } from '@tanstack/react-router';
import { OverviewPage } from '../features/overview/overview-page.tsx';
import { UnknownPage } from '../features/projects/unknown-project.tsx';
import { projectsQuery } from '../live/queries.ts';
import { Shell } from './shell.tsx';

const root = createRootRouteWithContext<{ queries: QueryClient }>()({ component: Shell, notFoundComponent: UnknownPage });

/** The first project there is; `default` where the list cannot be had, whose page then says why. */
const firstProject = async (queries: QueryClient): Promise<string> => {
  const { items } = await queries.ensureQueryData(projectsQuery).catch(() => ({ items: [] }));
  return items[0]?.name ?? 'default';
};

const index = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: async ({ context }) => {
    throw redirect({ to: '/p/$project/overview', params: { project: await firstProject(context.queries) }, replace: true });
  },
});
const project = createRoute({
  getParentRoute: () => root,
  path: '/p/$project',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/p/$project/overview', params, replace: true });
  },
});
const overview = createRoute({
  getParentRoute: () => root,
  path: '/p/$project/overview',
  component: () => {
    const { project: name } = overview.useParams();
    // Another project is another page: nothing of the one before may show through.
    return <OverviewPage key={name} project={name} />;
  },
});

export const createAppRouter = (queries: QueryClient) =>
  createRouter({ routeTree: root.addChildren([index, project, overview]), context: { queries } });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
