import type { StepSpec } from '@boucle/project/runner';
import type { AttemptSpec } from '../ports.ts';

/** What the runner reads: the attempt without its secrets, which go to the child by hand and never to a file, and without limits, which are ours to keep here. */
export const stepSpecOf = ({ step, bundle, inputs, params, seed }: AttemptSpec): StepSpec => ({
  format: 'boucle.step/1',
  id: step.id,
  step: step.step,
  code: step.code,
  codeDigest: step.codeDigest,
  ports: step.ports,
  bundle,
  inputs: Object.fromEntries(Object.entries(inputs).map(([name, artifacts]) => [name, [...artifacts]])),
  params,
  seed,
  secrets: step.secrets,
  limits: {},
});
