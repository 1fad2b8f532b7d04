import { StepResult } from '@boucle/project/runner';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';

const LoggedMetric = Type.Object({
  name: Type.String(),
  /** JSON has no NaN: it arrives as null. */
  value: Type.Union([Type.Number(), Type.Null()]),
  step: Type.Optional(Type.Integer()),
  time: Type.Integer({ minimum: 0 }),
});
export type LoggedMetric = Static<typeof LoggedMetric>;

/** What the runner's child says. The step's own code may say anything on the same channel, so each message is checked. */
const ChildMessage = Type.Union([
  Type.Object({ progress: Type.Object({ done: Type.Number(), total: Type.Optional(Type.Number()) }) }),
  Type.Object({ metrics: Type.Array(LoggedMetric) }),
  Type.Object({ done: StepResult }),
]);
export type ChildMessage = Static<typeof ChildMessage>;

const validator = Compile(ChildMessage);
export const isChildMessage = (message: unknown): message is ChildMessage => validator.Check(message);
