import { Type } from 'typebox';
import type { Settings } from '@boucle/models/search';

/** What a trial was told to try: options of the trainer. */
export const SettingsOf = Type.Unsafe<Settings>(Type.Record(Type.String(), Type.Union([Type.Number(), Type.String(), Type.Boolean()])));
/** Options of the trainer that stay as they are, of any form. */
export const Fixed = Type.Unsafe<Readonly<Record<string, unknown>>>(Type.Record(Type.String(), Type.Unknown()));

const eta = Type.Number({ exclusiveMinimum: 1 });
/** A trial begins with `least` and, where it does not fall behind, gets `eta` times as much, until it has had all. */
export const Halving = Type.Union([
  /** Rows: each rung trains anew, and suits any approach. `least` is a share of the rows. */
  Type.Object({ of: Type.Literal('rows'), least: Type.Number({ exclusiveMinimum: 0, maximum: 1 }), eta }),
  /** Epochs of one training, as many as the option `epochs` says, for approaches that report `validation_loss` after each. */
  Type.Object({ of: Type.Literal('epochs'), least: Type.Integer({ minimum: 1 }), eta }),
]);

/** What a trial came to. It says nothing of time, so that the same trial is the same outcome. */
export const Outcome = Type.Object({
  settings: SettingsOf,
  status: Type.Enum(['finished', 'stopped']),
  /** Of the metric that is searched by, in its own unit; null for a training that was stopped under way. */
  value: Type.Union([Type.Number(), Type.Null()]),
  /** Where it was looked at, by rows or epochs, and how good it was there: higher is better. */
  rungs: Type.Array(Type.Object({ at: Type.Integer(), score: Type.Number() }), { minItems: 1 }),
});
