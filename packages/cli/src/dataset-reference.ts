import { AppError, type DatasetVersion, invalid } from '@boucle/contract';
import type { Client } from '@boucle/sdk';

/** `tweets@3`, or `tweets` for its latest version. */
export const findDatasetVersion = async (client: Client, { project }: { project: string }, reference: string): Promise<DatasetVersion> => {
  const [dataset = '', version, more] = reference.split('@');
  if (more !== undefined || (version !== undefined && !/^[1-9]\d{0,8}$/.test(version)))
    throw invalid(
      `"${reference}" names no version; write ${dataset || 'name'}@3, or ${dataset || 'name'} for the latest`,
      'bad_dataset_reference',
    );
  if (version !== undefined) return client.datasets.versions.get({ params: { project, dataset, number: Number(version) } });
  const { items } = await client.datasets.versions.list({ params: { project, dataset }, query: { limit: 1 } });
  if (items[0]) return items[0];
  throw new AppError('not_found', `Dataset ${dataset} has no versions yet; add one with "boucle datasets add ${dataset} FILE"`, {
    reason: 'no_versions',
  });
};
