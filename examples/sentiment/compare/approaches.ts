import type { searchText } from '@boucle/project';

type Search = Pick<Parameters<typeof searchText>[0], 'approach' | 'space' | 'trials' | 'method' | 'halving' | 'fixed'>;

/** A folder with a BERT checkpoint, or the name of one on the hub. Without it a small encoder is trained from scratch. */
const checkpoint = process.env['SENTIMENT_CHECKPOINT'];
/** Both labels weigh the same for each approach, and neural ones read as far into a text. */
const classWeight = 'balanced';
const common = { classWeight, maxLength: 64 };
const bert: Pick<Search, 'space' | 'halving' | 'fixed'> =
  checkpoint === undefined
    ? {
        space: { learningRate: { kind: 'choice', values: [2e-4, 5e-4] } },
        halving: { of: 'epochs', least: 3, eta: 2 },
        fixed: { epochs: 10, ...common },
      }
    : {
        space: { learningRate: { kind: 'choice', values: [2e-5, 5e-5] } },
        halving: { of: 'epochs', least: 1, eta: 2 },
        fixed: { epochs: 3, ...common, checkpoint: /^[./]/.test(checkpoint) ? checkpoint : { repository: checkpoint } },
      };

/** What is compared, and which of its options are searched on validation rows before anything is measured. */
export const approaches: Readonly<Record<string, Search>> = {
  'logistic-regression': {
    approach: 'logistic-regression',
    trials: 12,
    space: {
      C: { kind: 'log-real', low: 0.1, high: 30 },
      sublinearTf: { kind: 'choice', values: [true, false] },
    },
    fixed: { classWeight },
    method: { kind: 'tpe', startup: 6, multivariate: true },
    halving: { of: 'rows', least: 0.25, eta: 3 },
  },
  bilstm: {
    approach: 'bilstm',
    trials: 4,
    space: {
      hiddenSize: { kind: 'choice', values: [32, 64] },
      dropout: { kind: 'choice', values: [0.2, 0.4] },
      learningRate: { kind: 'log-real', low: 5e-4, high: 4e-3 },
    },
    method: { kind: 'random' },
    fixed: { epochs: 8, ...common },
    halving: { of: 'epochs', least: 2, eta: 2 },
  },
  bert: { approach: 'bert', trials: 2, method: { kind: 'grid' }, ...bert },
};
