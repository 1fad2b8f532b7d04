import { availableParallelism } from 'node:os';
import { openPackage, type OpenedPackage } from '@boucle/models';
import { serveChild } from '../platform/processes/serve-child.ts';
import type { ModelCalls } from './child-host.ts';
import { factsOf, type ModelFacts } from './inference-host.ts';
import { notExplainable } from './not-explainable.ts';

/** Half the cores, for the server answers beside it; past four, small batches gain nothing. */
const threads = Math.max(1, Math.min(4, Math.floor(availableParallelism() / 2)));

let opened: OpenedPackage | undefined;
const model = (): OpenedPackage => {
  if (!opened) throw new Error('This process has no model yet');
  return opened;
};

/** One model, in a process of its own. `open` comes first. */
export const handlers = serveChild({
  open: async ({ folder }): Promise<ModelFacts> => factsOf((opened = await openPackage(folder, { threads }))),
  predict: ({ columns }) => model().predict(columns),
  explain: ({ columns, options }) => (model().explain ?? notExplainable)(columns, options),
} satisfies { [N in keyof ModelCalls<ModelFacts>]: (...input: Parameters<ModelCalls<ModelFacts>[N]>) => unknown });
