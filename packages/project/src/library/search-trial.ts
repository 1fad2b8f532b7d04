import { Type } from 'typebox';
import { withDefault } from '../param.ts';
import { folder, many, value } from '../port.ts';
import { defineStep } from '../step.ts';
import { type LabelledTexts, labelledTexts, readLabelledTexts, someOf } from './rows.ts';
import { Fixed, Halving, Outcome, SettingsOf } from './search-outcome.ts';

/**
 * Trains with the settings that were suggested; where there is halving, on more and more rows or for more and more epochs, and stops
 * where it falls behind the trials before it. It is judged on `validation`: no test row comes near a search.
 */
export const tryText = defineStep(import.meta, 'trial', {
  inputs: { train: labelledTexts, validation: labelledTexts, earlier: many(value(Outcome)) },
  params: {
    approach: Type.String(),
    seed: Type.Integer({ minimum: 0 }),
    settings: SettingsOf,
    fixed: withDefault(Fixed, {}),
    by: Type.String(),
    of: withDefault(Type.String(), ''),
    halving: withDefault(Type.Union([Halving, Type.Null()]), null),
  },
  /** `model` is an empty folder where the trial was stopped. */
  outputs: { model: folder(), outcome: value(Outcome) },
  run: async ({ train, validation, earlier, approach, seed, settings, fixed, by, of, halving }, { out, ...hooks }) => {
    const { trainTextClassifier } = await import('@boucle/models');
    const { scoreBy } = await import('./score.ts');
    const { createRungs } = await import('./search-rungs.ts');
    const all = await readLabelledTexts(train);
    const seen = await readLabelledTexts(validation);
    const options = { approach, seed, validation: seen, ...fixed, ...settings } as Parameters<typeof trainTextClassifier>[1];
    const epochs = 'epochs' in options ? options.epochs : undefined;
    const rungs = createRungs({ halving, rows: all.texts.length, epochs, earlier });

    const learn = (rows: LabelledTexts, { signal, metric }: Pick<typeof hooks, 'signal' | 'metric'>) =>
      trainTextClassifier(rows, options, { ...hooks, signal, metric });
    type Trained = Awaited<ReturnType<typeof learn>>;
    const judge = async (trained: Trained, at: number) => {
      const said = await trained.predict(seen.texts);
      const predicted = { label: said.map(({ label }) => label), probabilities: said.map(({ scores }) => scores) };
      const judged = scoreBy({ actual: seen.labels, said: predicted, labels: trained.labels, by, of });
      hooks.metric(`validation_${by}`, judged.value, at);
      return judged;
    };
    const finish = async (trained: Trained, found: number): Promise<void> => {
      await trained.save(out.model.path, { inputExample: { text: all.texts.slice(0, 5) } });
      out.outcome.set({ settings, status: 'finished', value: found, rungs: rungs.reached });
    };
    const giveUp = (at: number, found: number | null): void => {
      hooks.metric('stopped', 1, at);
      hooks.log(`Stopped at ${at} of ${rungs.most} ${halving?.of}: it is behind the trials before it`);
      out.outcome.set({ settings, status: 'stopped', value: found, rungs: rungs.reached });
    };

    const onMoreRows = async (): Promise<void> => {
      for (const count of rungs.places) {
        const trained = await learn(await someOf(all, { rows: count, seed }), hooks);
        const { value: found, score } = await judge(trained, count);
        const isBehind = rungs.isBehind(count, score);
        if (count === rungs.most) await finish(trained, found);
        await trained.close();
        if (isBehind) return giveUp(count, found);
      }
    };
    const forMoreEpochs = async (): Promise<void> => {
      const stop = new AbortController();
      const metric: typeof hooks.metric = (name, loss, epoch = 0) => {
        hooks.metric(name, loss, epoch);
        const isLookedAt = name === 'validation_loss' && epoch < rungs.most && rungs.places.includes(epoch);
        if (isLookedAt && rungs.isBehind(epoch, -loss)) stop.abort();
      };
      try {
        const trained = await learn(all, { signal: AbortSignal.any([hooks.signal, stop.signal]), metric });
        const { value: found, score } = await judge(trained, rungs.most);
        rungs.isBehind(rungs.most, score);
        await finish(trained, found);
        await trained.close();
      } catch (error) {
        if (!stop.signal.aborted || hooks.signal.aborted) throw error;
        giveUp(rungs.reached.at(-1)!.at, null);
      }
    };
    await (halving?.of === 'epochs' ? forMoreEpochs() : onMoreRows());
  },
});
