import { invalid } from '@boucle/contract';

/** MLflow's clients read `latest` and `v3` as versions, so no alias may be called so. */
export const checkAliasName = (alias: string): void => {
  if (!/^(latest|v\d+)$/i.test(alias)) return;
  throw invalid(
    `An alias cannot be called "${alias}", which stands for a version: choose another name, such as champion`,
    'reserved_alias',
    { alias },
  );
};
