import type { StepSpec } from '@boucle/project/runner';
import type { Limits } from '../../platform/processes/index.ts';
import type { AttemptSpec } from '../ports.ts';

/**
 * What the runner reads: the attempt without its secrets, which go to the child by hand and never to a file. Limits are ours to keep
 * here; the runner's own time is up when ours was and the step was asked to end, so that one in a loop still says where.
 */
export const stepSpecOf = ({ step, bundle, inputs, params, seed }: AttemptSpec, { wallMs, graceMs }: Limits): StepSpec => ({
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
  limits: { timeoutMs: Math.round(wallMs + graceMs / 2) },
});
