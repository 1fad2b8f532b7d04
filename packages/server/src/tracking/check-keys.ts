import { invalid } from '@boucle/contract';

/** MLflow's rule beside the characters, which the contract checks: a key is a plain relative path, for clients store by it. */
export const checkKeys = (keys: Iterable<string>): void => {
  for (const key of keys) {
    if (key.split('/').some((part) => part === '' || part === '.' || part === '..'))
      throw invalid(`The key "${key}" is no plain path: leave out /, . and .. at its ends and doubled`, 'bad_key', { key });
  }
};
