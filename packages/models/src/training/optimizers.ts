import { invalid } from '@boucle/contract';

/** Plain data: an optimiser travels to the training thread and into checkpoints. */
export interface Sgd {
  readonly kind: 'sgd';
  readonly lr: number;
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly weightDecay: number;
}
export interface Adam {
  readonly kind: 'adam' | 'adamw';
  readonly lr: number;
  readonly betas: readonly [number, number];
  readonly eps: number;
  readonly weightDecay: number;
}
export type Optimizer = Sgd | Adam;

type Settings<Of> = { readonly lr: number } & Partial<Omit<Of, 'kind'>>;

/** Stochastic gradient descent; the defaults are PyTorch's. Weight decay is added to the gradient. */
export const sgd = (settings: Settings<Sgd>): Optimizer =>
  checked({ kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0, ...settings });

/**
 * Adam (Kingma and Ba 2015); the defaults are PyTorch's. Weight decay is added to the gradient.
 *
 * Embeddings are updated lazily, here and in `adamw` and `sgd`: of a table whose gradient comes as rows, only the rows that the batch
 * touched move, and decay. The moments of the others stay as they are, where a dense update would let them fade and go on moving the row.
 */
export const adam = (settings: Settings<Adam>): Optimizer => checked({ kind: 'adam', ...adamDefaults, ...settings });

/** Adam with decoupled weight decay (Loshchilov and Hutter 2019): weights shrink by lr × weightDecay, whatever the gradient. */
export const adamW = (settings: Settings<Adam>): Optimizer => checked({ kind: 'adamw', ...adamDefaults, weightDecay: 0.01, ...settings });

const adamDefaults = { betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0 } as const;

const checked = (optimizer: Optimizer): Optimizer => {
  const require = (name: string, value: number, holds: boolean, wanted: string): void => {
    if (!holds) throw invalid(`${name} of ${optimizer.kind} is ${value}; it must be ${wanted}`, 'bad_option', { name });
  };
  const { lr, weightDecay } = optimizer;
  require('lr', lr, lr >= 0 && Number.isFinite(lr), 'a finite number from 0');
  require('weightDecay', weightDecay, weightDecay >= 0 && Number.isFinite(weightDecay), 'a finite number from 0');
  if (optimizer.kind === 'sgd') {
    const { momentum, nesterov } = optimizer;
    require('momentum', momentum, momentum >= 0 && momentum < 1, 'from 0 and below 1');
    require('momentum', momentum, !nesterov || momentum > 0, 'above 0 for Nesterov');
  } else {
    for (const beta of optimizer.betas) require('a beta', beta, beta >= 0 && beta < 1, 'from 0 and below 1');
    require('eps', optimizer.eps, optimizer.eps > 0, 'above 0');
  }
  return optimizer;
};

/** What one update of one parameter needs beside its arrays; see kernels/update-kernels.ts for the formulas. */
export interface UpdateTerms {
  /** What the gradient is multiplied by: clipping, and the mean over accumulated batches. */
  readonly scale: number;
  /** The rate of this update, of this parameter. */
  readonly rate: number;
  readonly weightDecay: number;
  /** How many updates there were, with this one. */
  readonly update: number;
}

/** The numbers that the `adam` kernel takes, in its order. */
export const adamNumbers = ({ kind, betas, eps }: Adam, { scale, rate, weightDecay, update }: UpdateTerms): readonly number[] => {
  const [beta1, beta2] = betas;
  const [l2, shrink] = kind === 'adam' ? [weightDecay, 1] : [0, 1 - rate * weightDecay];
  return [scale, l2, shrink, beta1, 1 - beta1, beta2, 1 - beta2, rate / (1 - beta1 ** update), Math.sqrt(1 - beta2 ** update), eps];
};

/** The numbers that the `sgd` kernel takes, in its order. */
export const sgdNumbers = ({ momentum, nesterov }: Sgd, { scale, rate, weightDecay }: UpdateTerms): readonly number[] => [
  scale,
  weightDecay,
  momentum,
  ...(nesterov ? [1, momentum] : [0, 1]),
  rate,
];
