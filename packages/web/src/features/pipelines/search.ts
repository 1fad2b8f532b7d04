/** What of a pipeline run's page is in its address. */
export interface PipelineRunSearch {
  readonly step?: string;
}

/** Others' addresses may hold anything: what is no text is not there. */
export const pipelineRunSearch = ({ step }: Record<string, unknown>): PipelineRunSearch =>
  typeof step === 'string' || typeof step === 'number' ? { step: String(step) } : {};
