import type { Static } from 'typebox';
import type { SearchMethod, Space } from '@boucle/models/search';
import type { StepOptions } from '../draft.ts';
import type { Handle, Table } from '../port.ts';
import { chooseTrial } from './search-choose.ts';
import type { Halving, Outcome } from './search-outcome.ts';
import { suggestSettings } from './search-suggest.ts';
import { tryText } from './search-trial.ts';

interface Search {
  readonly train: Handle<Table<{ text: string; label: string }>>;
  readonly validation: Handle<Table<{ text: string; label: string }>>;
  readonly approach: string;
  readonly space: Space;
  readonly trials: number;
  /** Trials of one round run at the same time, and none of them sees how the others do. Default 1. */
  readonly parallel?: number;
  /** Default: TPE. */
  readonly method?: SearchMethod;
  /** A metric of `evaluate`, and the label that it is about. */
  readonly by: string;
  readonly of?: string;
  /** Options of the trainer that stay as they are. */
  readonly fixed?: Readonly<Record<string, unknown>> | Handle<Readonly<Record<string, unknown>>>;
  /** Default: every trial is carried to its end. */
  readonly halving?: Static<typeof Halving>;
  readonly seed: number | Handle<number>;
}

/**
 * Searches options of a text classifier: for each trial a step that suggests and a step that tries, with a Run of its own, then one
 * that chooses. The plan is as long as the search and does not change while it runs; trials that are in the cache are not run again.
 */
export const searchText = (search: Search, { name = 'search', ...options }: StepOptions = {}) => {
  const {
    train,
    validation,
    approach,
    space,
    trials,
    parallel = 1,
    method = { kind: 'tpe' },
    by,
    of = '',
    fixed = {},
    halving,
    seed,
  } = search;
  if (!Number.isInteger(trials) || trials < 1) throw new TypeError(`A search has at least 1 trial, not ${trials}`);
  if (!Number.isInteger(parallel) || parallel < 1) throw new TypeError(`A round has at least 1 trial, not ${parallel}`);
  const models: Handle<{ readonly path: string }>[] = [];
  const outcomes: Handle<Static<typeof Outcome>>[] = [];
  while (outcomes.length < trials) {
    const earlier = [...outcomes];
    for (let index = earlier.length; index < Math.min(trials, earlier.length + parallel); index++) {
      const learned = method.kind === 'tpe' ? earlier : [];
      const { settings } = suggestSettings({ earlier: learned, space, method, seed, index }, { name: `${name}-suggest-${index + 1}` });
      const { model, outcome } = tryText(
        { train, validation, approach, seed, settings, fixed, by, of, earlier: halving ? earlier : [], halving: halving ?? null },
        { ...options, name: `${name}-trial-${index + 1}` },
      );
      models.push(model);
      outcomes.push(outcome);
    }
  }
  return chooseTrial({ models, outcomes, by }, { name: `${name}-choose` });
};
