import { type AppError, invalid, type Manifest } from '@boucle/contract';

/** What is wrong with a schedule, as a sentence's end. Cron is known by those who run it. */
export type ScheduleFault = (asked: { schedule: string; zone: string }) => string | undefined;

/** Holds what starts pipelines against what a schema cannot say. */
export const checkTriggers = ({ pipelines, datasets, monitors }: Manifest, scheduleFault: ScheduleFault): void => {
  const declared = new Set(datasets.map(({ name }) => name));
  const webhooks = new Set<string>();
  for (const { pipeline, on, inputs } of pipelines) {
    const refuse = (message: string, reason: string): AppError => invalid(`Pipeline "${pipeline}": ${message}`, reason, { pipeline });
    for (const trigger of on) {
      if ('schedule' in trigger) {
        const fault = scheduleFault({ schedule: trigger.schedule, zone: trigger.zone ?? 'UTC' });
        if (fault) throw refuse(fault, 'bad_schedule');
      } else if ('newVersionOf' in trigger) {
        const dataset = trigger.newVersionOf;
        if (!declared.has(dataset))
          throw refuse(`it waits for versions of the dataset "${dataset}", which the project does not declare`, 'unknown_dataset');
        if (!Object.values(inputs).some((input) => input.dataset === dataset))
          throw refuse(`it waits for versions of the dataset "${dataset}", which is none of its inputs`, 'missing_input');
      } else {
        if (webhooks.has(trigger.webhook)) throw refuse(`another trigger is named "${trigger.webhook}" already`, 'trigger_doubled');
        webhooks.add(trigger.webhook);
      }
    }
  }
  for (const { name, retrain } of monitors) {
    if (!retrain) continue;
    const refuse = (message: string, reason: string): AppError => invalid(`Monitor "${name}": ${message}`, reason, { monitor: name });
    const plan = pipelines.find(({ pipeline }) => pipeline === retrain.pipeline);
    if (!plan) throw refuse(`it retrains with the pipeline "${retrain.pipeline}", which is not there`, 'unknown_pipeline');
    const unknown = retrain.on.find((cause) => !/^(drift|kpi:.+|alert:.+)$/s.test(cause));
    if (unknown !== undefined) throw refuse(`it retrains on "${unknown}"; write drift, kpi:<name> or alert:<rule>`, 'bad_cause');
    const { labels } = retrain;
    if (!labels) continue;
    const dataset = datasets.find((one) => one.name === labels.dataset);
    if (!dataset) throw refuse(`labels go to the dataset "${labels.dataset}", which the project does not declare`, 'unknown_dataset');
    if (dataset.others !== 'keep' && !dataset.columns.some((column) => column.name === labels.column))
      throw refuse(`labels go to the column "${labels.column}", which the dataset "${dataset.name}" does not declare`, 'unknown_column');
    if (!Object.values(plan.inputs).some((input) => input.dataset === labels.dataset))
      throw refuse(`labels go to the dataset "${labels.dataset}", which is no input of the pipeline "${plan.pipeline}"`, 'missing_input');
  }
};
