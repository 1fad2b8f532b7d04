import type { ModelComparison, PipelineRunSummary } from '@boucle/contract';
import { queryOptions } from '@tanstack/react-query';
import { client } from '../../app/client.ts';
import { projectKey } from '../../live/queries.ts';
import { comparisonIn } from './comparison-in.ts';

export interface Found {
  readonly comparison: ModelComparison;
  readonly run: PipelineRunSummary;
}

/** The newest comparison of the project: what the last pipeline run put out that was to compare, and succeeded. Null where there is none. */
export const comparisonQuery = (project: string) =>
  queryOptions({
    queryKey: [...projectKey(project), 'comparison'],
    queryFn: async ({ signal }): Promise<Found | null> => {
      const params = { project };
      const { items } = await client.pipelines.list({ params }, { signal });
      const comparing = items.filter(({ plan }) => plan.steps.some(({ step }) => step === 'compare-approaches'));
      const runs = await Promise.all(
        comparing.map(({ name }) => client.pipelineRuns.list({ params, query: { pipeline: name, limit: 20 } }, { signal })),
      );
      const succeeded = runs.flatMap((page) => page.items).filter(({ status }) => status === 'succeeded');
      for (const run of succeeded.sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1))) {
        const { outputs } = await client.pipelineRuns.get({ params: { project, pipelineRunId: run.id } }, { signal });
        const comparison = comparisonIn(outputs);
        if (comparison) return { comparison, run };
      }
      return null;
    },
  });
