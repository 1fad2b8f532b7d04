import { mlflowRoute, type MlflowRoute } from '../route.ts';

/** What clients ask before they name a workspace: our projects are those. */
export const serverInfoRoutes = (): MlflowRoute[] => [
  mlflowRoute({
    method: 'GET',
    path: 'server-info',
    version: '3.0',
    permission: 'experiments:read',
    request: {},
    handle: async () => ({ store_type: 'SqlStore', workspaces_enabled: true }),
  }),
];
