import { AppError, invalid } from '@boucle/contract';
import type { TrainingHooks } from '../training-pace.ts';
import type { Loader, RowBatch } from './loader.ts';
import type { Batch, Trainer } from './trainer.ts';

export interface FitOptions {
  readonly trainer: Trainer;
  readonly loader: Loader;
  /** The arrays of a batch: rows and length are given, and the loader's batch size, to which it is filled up with rows of weight 0. */
  readonly batch: (rows: RowBatch, batchSize: number) => Batch;
  readonly epochs: number;
  /** So many batches make one update. Default 1. */
  readonly accumulate?: number;
  /** Asked after each epoch, with the weights as they are. The epoch with the highest score gives the weights at the end. */
  readonly validate?: (weights: ReadonlyMap<string, Float32Array>) => Promise<Validation>;
  /** Stop after so many epochs without a higher score. Default: never. */
  readonly patience?: number;
  readonly hooks?: TrainingHooks;
  /** Where to continue from, if there is a checkpoint, and to write one every so many updates and after each epoch. */
  readonly checkpoint?: { readonly folder: string; readonly every?: number };
}

export interface Validation {
  readonly score: number;
  /** Reported to the metric hook beside. */
  readonly metrics: Readonly<Record<string, number>>;
}

export interface Fitted {
  /** How many were begun. */
  readonly epochs: number;
  readonly updates: number;
  readonly best: { readonly epoch: number; readonly score: number } | undefined;
  readonly hasStoppedEarly: boolean;
}

/** All that a resumed loop has to know, as JSON. */
interface Progress {
  /** The order of rows that `batch` counts in. */
  readonly order: string;
  readonly epoch: number;
  /** Of the epoch, the next to be used. */
  readonly batch: number;
  readonly updates: number;
  /** Of the epoch, over batches. */
  readonly lossSum: number;
  readonly best: { readonly epoch: number; readonly score: number } | null;
}
const start = { epoch: 0, batch: 0, updates: 0, lossSum: 0, best: null } satisfies Omit<Progress, 'order'>;

/**
 * Trains for some epochs, or until validation gets no better. Metrics `train_loss` and those of validation carry the number of epochs
 * done as their step. A loss that is not finite ends training: failed_precondition, `not_finite`, with epoch, batch and origin.
 */
export const fit = async (options: FitOptions): Promise<Fitted> => {
  const { trainer, loader, epochs, accumulate = 1, validate, patience = Number.POSITIVE_INFINITY, hooks = {}, checkpoint } = options;
  let progress: Progress = (await resume(options)) ?? { ...start, order: orderOf(options) };
  const isOver = ({ epoch, best }: Progress): boolean => epoch >= epochs || (best !== null && epoch > best.epoch + patience);
  const save = async (): Promise<void> => checkpoint && trainer.save(checkpoint.folder, progress);

  while (!isOver(progress)) {
    const batches = loader.epoch(progress.epoch);
    while (progress.batch < batches.length) {
      hooks.signal?.throwIfAborted();
      const some = batches.slice(progress.batch, progress.batch + accumulate);
      const { loss } = await stepOn(some, options, progress);
      progress = {
        ...progress,
        batch: progress.batch + some.length,
        updates: progress.updates + 1,
        lossSum: progress.lossSum + loss * some.length,
      };
      hooks.progress?.(progress.epoch * batches.length + progress.batch, epochs * batches.length);
      if (checkpoint?.every && progress.updates % checkpoint.every === 0) await save();
    }
    progress = await endEpoch(options, progress, batches.length);
    await save();
  }
  if (validate) await trainer.restore();
  const { epoch, updates, best } = progress;
  return { epochs: epoch, updates, best: best ?? undefined, hasStoppedEarly: epoch < epochs };
};

/** Rows and how many of them make an update. */
const orderOf = ({ loader, accumulate = 1 }: FitOptions): string => `${loader.digest}/${accumulate}`;

const resume = async (options: FitOptions): Promise<Progress | undefined> => {
  const { trainer, checkpoint } = options;
  const progress = checkpoint && ((await trainer.resume(checkpoint.folder))?.progress as Progress | undefined);
  if (!progress || progress.order === orderOf(options)) return progress;
  throw invalid(
    `${checkpoint.folder} is of a training with other rows or batches; resume it as it was, or begin in another folder`,
    'other_training',
    {
      what: 'rows',
    },
  );
};

/** One update, on as many batches as there are. */
const stepOn = async (some: readonly RowBatch[], { trainer, loader, batch, hooks }: FitOptions, { epoch, batch: first }: Progress) => {
  try {
    return await trainer.step(
      some.map((rows) => batch(rows, loader.batchSize)),
      hooks?.signal,
    );
  } catch (error) {
    if (!(error instanceof AppError) || error.reason !== 'not_finite') throw error;
    const details = { ...error.details, epoch: epoch + 1, batch: first + 1 };
    throw new AppError(error.code, `${error.message} (epoch ${epoch + 1}, batch ${first + 1})`, {
      reason: error.reason,
      details,
      cause: error,
    });
  }
};

const endEpoch = async ({ trainer, validate, hooks = {} }: FitOptions, progress: Progress, batches: number): Promise<Progress> => {
  const done = progress.epoch + 1;
  const loss = progress.lossSum / batches;
  hooks.metric?.('train_loss', loss, done);
  const next = { ...progress, epoch: done, batch: 0, lossSum: 0 };
  if (!validate) {
    hooks.log?.(`epoch ${done}: loss ${loss.toFixed(4)}`);
    return next;
  }
  const { score, metrics } = await validate(trainer.weights());
  if (!Number.isFinite(score)) {
    throw new AppError('failed_precondition', `Validation after epoch ${done} scores ${score}; look at its rows, or lower the rate`, {
      reason: 'not_finite',
      details: { epoch: done },
    });
  }
  for (const [name, value] of Object.entries(metrics)) hooks.metric?.(name, value, done);
  hooks.log?.(
    [`epoch ${done}: loss ${loss.toFixed(4)}`, ...Object.entries(metrics).map(([name, value]) => `${name} ${value.toFixed(4)}`)].join(', '),
  );
  if (progress.best && score <= progress.best.score) return next;
  await trainer.keep();
  return { ...next, best: { epoch: progress.epoch, score } };
};
