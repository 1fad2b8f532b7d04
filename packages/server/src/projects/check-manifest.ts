import { invalid, type DeclaredDataset, type Manifest, parseModelReference } from '@boucle/contract';
import { checkColumns } from './check-columns.ts';
import { checkMonitors } from './check-monitors.ts';
import { checkPlan } from './check-plan.ts';
import { checkTriggers, type ScheduleFault } from './check-triggers.ts';

/** Holds a manifest against what its schema cannot say. The first thing wrong is named, with what to do. */
export const checkManifest = (manifest: Manifest, scheduleFault: ScheduleFault = () => undefined): void => {
  const { datasets, pipelines, endpoints } = manifest;
  refuseDoubled(
    'dataset',
    datasets.map(({ name }) => name),
    'dataset_doubled',
  );
  refuseDoubled(
    'pipeline',
    pipelines.map(({ pipeline }) => pipeline),
    'pipeline_doubled',
  );
  refuseDoubled(
    'endpoint',
    endpoints.map(({ name }) => name),
    'endpoint_doubled',
  );
  datasets.forEach(checkDataset);

  const declared = new Set(datasets.map(({ name }) => name));
  for (const plan of pipelines) {
    for (const [input, { dataset }] of Object.entries(plan.inputs)) {
      if (declared.has(dataset)) continue;
      throw invalid(
        `Pipeline "${plan.pipeline}": its input "${input}" is the dataset "${dataset}", which the project does not declare; add it to \`datasets\``,
        'unknown_dataset',
        { pipeline: plan.pipeline, input, dataset },
      );
    }
    checkPlan(plan);
  }
  checkTriggers(manifest, scheduleFault);
  for (const { name, model } of endpoints) {
    if (!parseModelReference(model))
      throw invalid(`Endpoint "${name}": "${model}" names no model; write model@alias or model/number`, 'bad_model_reference', {
        endpoint: name,
      });
  }
  checkMonitors(manifest);
};

const refuseDoubled = (what: string, names: readonly string[], reason: string): void => {
  const doubled = names.find((name, i) => names.indexOf(name) < i);
  if (doubled !== undefined) throw invalid(`Two of the ${what}s are named "${doubled}"`, reason, { [what]: doubled });
};

const checkDataset = ({ name, columns, key, others, expect, personal }: DeclaredDataset): void => {
  const where = `Dataset "${name}": `;
  checkColumns(columns, where);
  // Where other columns are kept, only the file can tell whether a name is one of its columns.
  if (others === 'keep') return;
  const declared = new Set(columns.map((column) => column.name));
  for (const column of [...key, ...personal, ...expect.flatMap((expectation) => expectation.columns)]) {
    if (!declared.has(column))
      throw invalid(`${where}it speaks of the column "${column}", which it does not declare`, 'unknown_column', { dataset: name, column });
  }
};
