import type { Run } from '@boucle/contract';
import type { Texts } from './logged.ts';

/** Tags of MLflow's clients for what a run has places of its own for: said once, and shown as tags where a client asks. */
export const runNameTag = 'mlflow.runName';
export const parentRunTag = 'mlflow.parentRunId';
export const userTag = 'mlflow.user';

export interface SaidByTags {
  readonly name?: string;
  /** A run of ours, or anything else: then it stays a tag. */
  readonly parent?: string;
  readonly tags: Texts;
}
export const fromTags = (given: Texts): SaidByTags => {
  const { [runNameTag]: name, [parentRunTag]: parent, ...tags } = given;
  return { ...(name && { name }), ...(parent && { parent }), tags };
};

/** The tags of a run as MLflow's clients know them. */
export const withReservedTags = ({ name, parentRunId, tags }: Pick<Run, 'name' | 'parentRunId' | 'tags'>): Texts => ({
  ...tags,
  [runNameTag]: name,
  ...(parentRunId !== null && { [parentRunTag]: parentRunId }),
});
