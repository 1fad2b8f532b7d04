import { api, walkRoutes } from '@boucle/contract';
import type { Verb } from '../verb.ts';

export const listRoutes: Verb = (command, { showList }) =>
  command.action(() => {
    const routes = [...walkRoutes(api)].map(([name, { method, path, permission, summary, kind }]) => ({
      name,
      method,
      path,
      permission,
      summary,
      kind,
    }));
    showList(
      { items: routes, hasMore: false },
      {
        method: ({ method }) => method,
        path: ({ path }) => path,
        permission: ({ permission }) => permission,
        summary: ({ summary }) => summary,
      },
      '',
    );
  });
