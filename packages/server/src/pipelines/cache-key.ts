import type { CacheKeyParts, PlannedStep, StepArtifact } from '@boucle/contract';

export interface Resolved {
  readonly inputs: Readonly<Record<string, readonly StepArtifact[]>>;
  readonly params: Readonly<Record<string, unknown>>;
}

/** What a result may depend on beside code, inputs and parameters: numbers come out alike on one of these. */
const runtime = { node: process.versions.node.split('.')[0]!, architecture: process.arch, platform: process.platform };

/**
 * All that decides what a step computes, and nothing else: names of steps, executor, resources, retries and secret values are not in it.
 * Inputs enter by what they say (rows of a table, not the bytes of a file).
 */
export const keyPartsOf = (step: PlannedStep, { inputs, params }: Resolved, salt: string): CacheKeyParts => ({
  code: step.codeDigest,
  inputs: Object.fromEntries(Object.entries(inputs).map(([name, artifacts]) => [name, artifacts.map(({ digest }) => digest)])),
  params: { ...params },
  environment: {},
  runtime: { ...runtime },
  salt,
});

/** Effects change the world, secrets may change the answer, and some steps say so themselves: their results are not kept. */
export const isCacheable = (step: PlannedStep): boolean =>
  !('effect' in step.code) && (step.options.cache === 'content' || (step.options.cache !== 'never' && step.secrets.length === 0));
