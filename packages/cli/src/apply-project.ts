import type { BlobDigest, Manifest, ManifestChange, ManifestVersion } from '@boucle/contract';
import type { BundledProject, BundleFile } from '@boucle/project/bundle';
import { ApiError, type Client } from '@boucle/sdk';
import { missingOf, sendBlobs } from './send-blobs.ts';

export interface Preview {
  /** False where applying makes the project, too. */
  readonly exists: boolean;
  readonly changes: readonly ManifestChange[];
  readonly missing: ReadonlyMap<BlobDigest, BundleFile>;
}

/** What applying would change, and which bytes would travel. */
export const previewProject = async (client: Client, { manifest, files }: BundledProject): Promise<Preview> => {
  const params = { project: manifest.project };
  try {
    const { changes } = await client.manifests.preview({ params, body: { manifest } });
    return { exists: true, changes, missing: await missingOf(client, params, files) };
  } catch (error) {
    if (!isMissingProject(error)) throw error;
    return { exists: false, changes: allAdded(manifest), missing: files };
  }
};

/** Sends the bytes that the server does not have, and puts the manifest in force. A project that is not there is made. */
export const applyProject = async (
  client: Client,
  { manifest, files }: BundledProject,
  { exists, missing, onSent = () => {} }: Pick<Preview, 'exists' | 'missing'> & { readonly onSent?: (bytes: number) => void },
): Promise<ManifestVersion> => {
  const params = { project: manifest.project };
  if (!exists) await client.projects.create({ body: { name: manifest.project, problem: manifest.problem } });
  await sendBlobs(client, params, exists ? missing : await missingOf(client, params, files), onSent);
  return client.manifests.apply({ params, body: { manifest } });
};

const isMissingProject = (error: unknown): boolean =>
  error instanceof ApiError && error.code === 'not_found' && error.details['what'] === 'project';

const allAdded = ({ datasets, pipelines, endpoints }: Manifest): ManifestChange[] => {
  const added = (type: ManifestChange['type'], names: readonly string[]): ManifestChange[] =>
    names.map((name) => ({ change: 'added', type, name, parts: [] }));
  return [
    ...added('framing', ['framing']),
    ...added(
      'dataset',
      datasets.map(({ name }) => name),
    ),
    ...added(
      'pipeline',
      pipelines.map(({ pipeline }) => pipeline),
    ),
    ...added(
      'step',
      pipelines.flatMap(({ pipeline, steps }) => steps.map(({ id }) => `${pipeline}.${id}`)),
    ),
    ...added(
      'endpoint',
      endpoints.map(({ name }) => name),
    ),
  ];
};
