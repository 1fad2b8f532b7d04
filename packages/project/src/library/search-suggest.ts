import { Type } from 'typebox';
import type { SearchMethod, Space } from '@boucle/models/search';
import { many, value } from '../port.ts';
import { defineStep } from '../step.ts';
import { Outcome, SettingsOf } from './search-outcome.ts';

/** Says what a trial is to try, from what the trials before it came to. */
export const suggestSettings = defineStep(import.meta, 'suggest', {
  inputs: { earlier: many(value(Outcome)) },
  params: {
    space: Type.Unsafe<Space>(Type.Record(Type.String(), Type.Unknown())),
    method: Type.Unsafe<SearchMethod>(Type.Object({ kind: Type.Enum(['grid', 'random', 'tpe']) })),
    seed: Type.Integer({ minimum: 0 }),
    /** Which suggestion of the search it is, from 0. */
    index: Type.Integer({ minimum: 0 }),
  },
  outputs: { settings: value(SettingsOf) },
  run: async ({ earlier, ...asked }, { out, log }) => {
    const { suggest } = await import('@boucle/models/search');
    const history = earlier.map(({ settings, rungs }) => ({ settings, value: rungs.at(-1)!.score, resource: rungs.at(-1)!.at }));
    const settings = suggest({ ...asked, history });
    log(`After ${history.length} trials: ${JSON.stringify(settings)}`);
    out.settings.set(settings);
  },
});
