import type { Ask, Fields } from './roots.ts';

const runsAtOnce = 500;

/** The model versions that came from each run: those of all runs of an answer are looked for at once. */
export const versionsOfRuns = (ask: Ask): ((runId: string) => Promise<readonly Fields[]>) => {
  const wanted = new Set<string>();
  let found: Promise<Map<unknown, Fields[]>> | undefined;
  const findAll = async (): Promise<Map<unknown, Fields[]>> => {
    // All that one answer's runs ask for has come by the next turn.
    await new Promise(setImmediate);
    found = undefined;
    const ids = [...wanted];
    wanted.clear();
    const versions: Fields[] = [];
    for (let at = 0; at < ids.length; at += runsAtOnce) {
      const some = ids.slice(at, at + runsAtOnce).map((id) => `'${id}'`);
      const { model_versions = [] } = await ask('mlflowSearchModelVersions', { filter: `run_id IN (${some.join(',')})` });
      versions.push(...(model_versions as Fields[]));
    }
    return Map.groupBy(versions, ({ run_id }) => run_id);
  };
  return async (runId) => {
    wanted.add(runId);
    found ??= findAll();
    return (await found).get(runId) ?? [];
  };
};
