import { endpoint, model, project, type Stage } from '../stage.ts';

/** What was recorded before anything odd was sent, read again through the API. */
export const recordsOf = async ({ client, ...stage }: Stage) => {
  const params = { project };
  const version = { params: { ...params, dataset: 'examples', number: 1 } };
  const modelVersion = { params: { ...params, model, number: 1 } };
  // Labels of a version may be changed; what it is may not.
  const {
    aliases: _,
    description: __,
    stage: ___,
    tags: ____,
    updatedAt: _____,
    ...registered
  } = await client.models.versions.get(modelVersion);
  const weights = await client.models.versions.file({ ...modelVersion, query: { path: 'MLmodel' } });
  const { prediction } = await client.predictions.get({ params: { ...params, predictionId: stage.predictionId } });
  const asked = await fetch(`${stage.address}/v2/models/${endpoint}/infer`, {
    method: 'POST',
    headers: { 'boucle-project': project },
    body: JSON.stringify({ inputs: [{ name: 'text', shape: [1], datatype: 'BYTES', data: ['flight 7 was late'] }] }),
  });
  return {
    manifest: await client.manifests.get({ params: { ...params, manifestId: stage.manifestId } }),
    version: await client.datasets.versions.get(version),
    rows: await client.datasets.versions.rows({ ...version, query: { limit: 100 } }),
    run: await client.runs.get({ params: { ...params, runId: stage.trainedRunId } }),
    pipelineRun: await client.pipelineRuns.get({ params: { ...params, pipelineRunId: stage.pipelineRun.id } }),
    registered,
    weights: await weights.text(),
    prediction,
    /** The model says today what it said then. */
    answer: ((await asked.json()) as { outputs: unknown }).outputs,
  };
};
