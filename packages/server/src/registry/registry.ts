import { createAliases } from './aliases.ts';
import { createJudgements, type GatePorts } from './judgements.ts';
import { createModels } from './models.ts';
import { createSearch } from './search.ts';
import { createVersions, type VersionParts } from './versions.ts';

export const createRegistry = ({ gates, ...parts }: Omit<VersionParts, 'models' | 'aliases'> & { gates: GatePorts }) => {
  const aliases = createAliases(parts);
  const models = createModels(parts);
  const versions = createVersions({ ...parts, aliases, models });
  const search = createSearch(parts);
  return {
    models: { ...models, list: search.models },
    versions: { ...versions, search: search.versions },
    aliases,
    gates: createJudgements({ ...parts, ...gates, resolve: aliases.resolve, version: versions.get }),
    resolve: aliases.resolve,
  };
};
export type Registry = ReturnType<typeof createRegistry>;
