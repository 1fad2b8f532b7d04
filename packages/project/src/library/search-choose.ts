import { cp } from 'node:fs/promises';
import { Type } from 'typebox';
import { folder, many, model, value } from '../port.ts';
import { defineStep } from '../step.ts';
import { Outcome, SettingsOf } from './search-outcome.ts';

const Search = Type.Object({
  metric: Type.String(),
  /** In the order in which they were suggested. */
  trials: Type.Array(Outcome),
  best: Type.Integer(),
});

/** Puts out the model of the trial that came to most. One that was stopped is never chosen; the first wins a tie. */
export const chooseTrial = defineStep(import.meta, 'choose', {
  inputs: { models: many(folder()), outcomes: many(value(Outcome)) },
  params: { by: Type.String() },
  outputs: { model: model('text-classification'), settings: value(SettingsOf), report: value(Search) },
  run: async ({ models, outcomes, by }, { out, log }) => {
    const { ranked } = await import('@boucle/models/search');
    const finished = outcomes.flatMap(({ status, settings, rungs }, index) =>
      status === 'finished' ? [{ index, settings, value: rungs.at(-1)!.score }] : [],
    );
    const [first] = ranked(finished);
    const best = finished.find((one) => one === first)!.index;
    const stopped = outcomes.length - finished.length;
    log(`Trial ${best + 1} of ${outcomes.length} is best by ${by} (${outcomes[best]!.value}); ${stopped} were stopped early`);
    await cp(models[best]!.path, out.model.path, { recursive: true });
    out.settings.set(outcomes[best]!.settings);
    out.report.set({ metric: by, trials: [...outcomes], best });
  },
});
