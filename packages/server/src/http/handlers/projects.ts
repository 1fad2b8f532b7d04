import type { api } from '@boucle/contract';
import type { Projects } from '../../projects/index.ts';
import type { Handlers } from '../bind.ts';

export const projectHandlers = (projects: Projects): Handlers<typeof api.projects> => ({
  list: ({ query }) => projects.list(query),
  get: ({ actor }) => projects.get(actor.project),
  create: ({ actor, body }) => projects.create(actor, body),
});

export const manifestHandlers = ({ manifests }: Projects): Handlers<typeof api.manifests> => ({
  preview: ({ actor, body }) => manifests.preview(actor.project, body.manifest),
  apply: ({ actor, body }) => manifests.apply(actor, body.manifest),
  current: ({ actor }) => manifests.current(actor.project),
  get: ({ actor, params }) => manifests.get(actor.project, params.manifestId),
});

export const blobHandlers = ({ blobs }: Projects): Handlers<typeof api.blobs> => ({
  put: ({ actor, params, data }) => blobs.put(actor, params.digest, data),
  get: ({ actor, params }) => blobs.get(actor.project, params.digest),
  missing: async ({ actor, body }) => ({ missing: await blobs.missing(actor.project, body.digests) }),
});
