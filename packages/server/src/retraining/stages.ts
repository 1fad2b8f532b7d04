import { AppError, parseModelReference, type PipelineRun, type RetrainingRows } from '@boucle/contract';
import { type Actor, type ProjectRef, systemActor } from '../governance/index.ts';
import type { Tx } from '../platform/index.ts';
import type { Retraining } from './causes.ts';
import { guard } from './guard.ts';
import { createLearnableRows } from './learnable-rows.ts';
import type { RetrainingParts } from './ports.ts';
import type { Held } from './quarantine.ts';
import { type RetrainingRow, retrainingStore } from './retraining-store.ts';
import { tableRows } from './table-rows.ts';

export interface Subject {
  readonly project: ProjectRef;
  readonly row: RetrainingRow;
  /** As the manifest in force has it. */
  readonly monitor: Retraining;
}
const shownHeld = 100;

/** What is done at each stage of a retraining. Each ends in one write that moves it on; done again after a kill, nothing is doubled. */
export const createStages = (parts: RetrainingParts) => {
  const { db, events, clock, manifestOf, datasets, startRun, runOf, rollouts } = parts;
  const learnable = createLearnableRows(parts);

  const tell = (tx: Tx, { project, row }: Omit<Subject, 'monitor'>) => {
    const about = {
      project,
      subject: { type: 'retraining', id: row.id },
      actor: actorOf({ project, row }).id,
      correlationId: row.correlation_id,
    };
    const { monitor, pipeline, because } = row;
    return {
      started: (pipelineRunId: string, rows: number) =>
        events.record(tx, { ...about, type: 'retraining.started', data: { monitor, pipeline, because, pipelineRunId, rows } }),
      refused: (reason: string, message: string) =>
        events.record(tx, { ...about, type: 'retraining.refused', data: { monitor, pipeline, because, reason, message } }),
      ended: (pipelineRunId: string, { status, model, version }: { status: string; model: string | null; version: number | null }) =>
        events.record(tx, { ...about, type: 'retraining.ended', data: { monitor, pipeline, pipelineRunId, status, model, version } }),
    };
  };
  const ended = (status: RetrainingRow['status'], more: Partial<RetrainingRow> = {}): Partial<RetrainingRow> => ({
    status,
    flight: null,
    ended_at: clock.now().toISOString(),
    ...more,
  });
  const refuse = (
    subject: Omit<Subject, 'monitor'>,
    { reason, message }: { reason: string; message: string },
    more: Partial<RetrainingRow> = {},
  ) =>
    db.write(async (tx) => {
      if (await retrainingStore(tx).move(subject.row, ended('refused', { reason, message, ...more })))
        await tell(tx, subject).refused(reason, message);
    });

  /** asked → collecting, starting or refused. */
  const decide = async (subject: Subject): Promise<void> => {
    const { project, row, monitor } = subject;
    const { retrain: policy } = monitor;
    const store = retrainingStore(db.read);
    const after = await store.labelsUntil(project.id, row.endpoint);
    const labels = policy.labels && (await learnable(project, { endpoint: row.endpoint, after, mostFromOne: policy.labels.mostFromOne }));
    const rollout = policy.rollout !== false ? ((await rollouts.active(project, row.endpoint))?.id ?? null) : null;
    await db.write(async (tx) => {
      const own = retrainingStore(tx);
      await own.lock(project.id);
      const now = clock.now();
      const verdict = guard(
        {
          inFlight: await own.inFlight(project.id, row.pipeline),
          rollout,
          faults: (await own.reading(project.id)).faults[row.monitor] ?? null,
          started: await own.started(project.id, row.pipeline),
          labelled: labels?.kept.length ?? 0,
          quarantined: labels?.held.length ?? 0,
          byHand: row.cause.startsWith('by-hand:'),
        },
        policy,
        now,
      );
      if (!verdict.go) {
        const rows = labels && JSON.stringify(rowsOf({ given: labels.kept.length + labels.held.length, added: 0, held: labels.held }));
        const change = ended('refused', { reason: verdict.reason, message: verdict.message, rows: rows ?? null });
        if (await own.move(row, change)) await tell(tx, subject).refused(verdict.reason, verdict.message);
        return;
      }
      const status = labels ? ('collecting' as const) : ('starting' as const);
      await own.move(row, { status, flight: row.pipeline, started_at: now.toISOString(), labels_until: labels?.until ?? null });
    });
  };

  /** collecting → starting: labelled rows become the next version of the dataset. */
  const collect = async (subject: Subject): Promise<void> => {
    const { project, row, monitor } = subject;
    const { labels } = monitor.retrain;
    if (!labels) return refuse(subject, policyGone(row));
    const after = await retrainingStore(db.read).labelsUntil(project.id, row.endpoint);
    const asked = { endpoint: row.endpoint, after, until: row.labels_until ?? undefined, mostFromOne: labels.mostFromOne };
    const { kept, held } = await learnable(project, asked);
    const { schema, key } = await datasets.find(project, labels.dataset, 'latest');
    const { rows, unlike } = tableRows(kept, { name: labels.dataset, columns: schema.columns, key }, labels.column);
    const prepared = await datasets.append(project, { dataset: labels.dataset, rows, unlike });
    const notTaken: Held[] = prepared.refused.map((one) => ({ predictionId: kept[one.row]!.predictionId, reason: one.reason }));
    const found = rowsOf({ given: kept.length + held.length, added: prepared.added, held: [...held, ...notTaken] });
    if (prepared.added < (labels.minimum ?? 1)) {
      const message = `${prepared.added} labelled rows are new to ${labels.dataset}, and ${labels.minimum ?? 1} are asked for: give more feedback`;
      return refuse(subject, { reason: 'too_few_labels', message }, { rows: JSON.stringify(found), started_at: null });
    }
    await db.write(async (tx) => {
      const { number } = await datasets.commitAppended(actorOf(subject), prepared, row.correlation_id);
      const version = JSON.stringify({ dataset: labels.dataset, number });
      if (!(await retrainingStore(tx).move(row, { status: 'starting', dataset_version: version, rows: JSON.stringify(found) })))
        throw movedOn(row);
    });
  };

  /** starting → training: the pipeline runs on that version. Its key is the retraining's, so that it is one run however often it is begun. */
  const start = async (subject: Subject): Promise<void> => {
    const { project, row } = subject;
    const made = row.dataset_version === null ? undefined : (JSON.parse(row.dataset_version) as { dataset: string; number: number });
    const plan = (await manifestOf(project))?.pipelines.find(({ pipeline }) => pipeline === row.pipeline);
    const inputs = Object.entries(plan?.inputs ?? {}).flatMap(([name, { dataset }]) =>
      made?.dataset === dataset ? [[name, made.number]] : [],
    );
    const run = await startRun(actorOf(subject), {
      pipeline: row.pipeline,
      params: {},
      inputs: Object.fromEntries(inputs) as Record<string, number>,
      salt: '',
      cache: true,
      correlationId: row.correlation_id,
      key: `retraining:${row.id}`,
    });
    const { added } = row.rows === null ? { added: 0 } : (JSON.parse(row.rows) as RetrainingRows);
    await db.write(async (tx) => {
      if (await retrainingStore(tx).move(row, { status: 'training', pipeline_run_id: run.id }))
        await tell(tx, subject).started(run.id, added);
    });
  };

  /** training → deploying, done or failed, once the run has ended. */
  const follow = async (subject: Subject): Promise<void> => {
    const { project, row, monitor } = subject;
    const run = await runOf(actorOf(subject), row.pipeline_run_id!);
    if (run.status === 'running') return;
    const declared = (await manifestOf(project))?.endpoints.find(({ name }) => name === row.endpoint)?.model;
    const version = run.status === 'succeeded' ? registeredBy(run, declared) : undefined;
    const change = {
      flight: null,
      ...(version && { model: version.model, model_version: version.number }),
      ...(run.status === 'succeeded'
        ? version && monitor.retrain.rollout !== false
          ? { status: 'deploying' as const }
          : ended('done', { message: version ? null : 'The pipeline registered no version of the endpoint’s model' })
        : ended('failed', {
            reason: `run_${run.status}`,
            message: `Pipeline run ${run.id} ${run.status}: see what its steps say, then start one by hand`,
          })),
    };
    await db.write(async (tx) => {
      const told = { status: run.status, model: version?.model ?? null, version: version?.number ?? null };
      if (await retrainingStore(tx).move(row, change)) await tell(tx, subject).ended(run.id, told);
    });
  };

  /** deploying → done: the rollout decides what becomes of the version. */
  const deploy = async (subject: Subject): Promise<void> => {
    const { row } = subject;
    const settle = (change: Partial<RetrainingRow>) => db.write((tx) => retrainingStore(tx).move(row, ended('done', change)));
    const asked = {
      endpoint: row.endpoint,
      model: `${row.model}/${row.model_version}`,
      correlationId: row.correlation_id,
      key: `retraining:${row.id}`,
    };
    try {
      const { id } = await rollouts.start(actorOf(subject), asked);
      await settle({ rollout_id: id });
    } catch (error) {
      if (!isFinal(error)) throw error;
      await settle({
        reason: error.reason ?? error.code,
        message: `The version was registered, and its rollout could not begin: ${error.message}`,
      });
    }
  };

  const byStatus = { asked: decide, collecting: collect, starting: start, training: follow, deploying: deploy } as const;
  return {
    /** The policy is gone: what was begun comes to no version. */
    abandon: (subject: Omit<Subject, 'monitor'>): Promise<void> => refuse(subject, policyGone(subject.row)),
    /** One step on, where there is one. */
    advance: async (subject: Subject): Promise<void> => {
      const { status } = subject.row;
      if (!Object.hasOwn(byStatus, status)) return;
      try {
        await byStatus[status as keyof typeof byStatus](subject);
      } catch (error) {
        if (!isFinal(error)) throw error;
        const { reason = null, message } = error;
        await db.write((tx) => retrainingStore(tx).move(subject.row, ended('failed', { reason, message })));
      }
    },
  };
};

/** A refusal that waiting does not mend. */
const isFinal = (error: unknown): error is AppError =>
  error instanceof AppError && error.code !== 'unavailable' && error.reason !== 'dataset_moved' && error.reason !== 'retraining_moved';
const movedOn = ({ id }: RetrainingRow): AppError =>
  new AppError('conflict', `Retraining ${id} stands elsewhere by now`, { reason: 'retraining_moved' });
const policyGone = ({ monitor }: Pick<RetrainingRow, 'monitor'>) => ({
  reason: 'policy_gone',
  message: `The monitor ${monitor} retrains no more: the manifest in force says so`,
});

/** It works in the monitor's name, so that versions and runs say what made them. */
const actorOf = ({ project, row }: { project: ProjectRef; row: Pick<RetrainingRow, 'monitor'> }): Actor => ({
  ...systemActor(project),
  id: `retraining:${row.monitor}`,
});

const rowsOf = ({ given, added, held }: { given: number; added: number; held: readonly Held[] }): RetrainingRows => ({
  given,
  added,
  quarantined: Object.fromEntries([...Map.groupBy(held, ({ reason }) => reason)].map(([reason, rows]) => [reason, rows.length])),
  held: held.slice(0, shownHeld),
});

/** The version of the endpoint's model that a step of the run registered. */
const registeredBy = ({ steps }: PipelineRun, declared: string | undefined): { model: string; number: number } | undefined => {
  const wanted = declared === undefined ? undefined : parseModelReference(declared)?.model;
  for (const { outputs } of steps) {
    for (const { value } of Object.values(outputs)) {
      const named = typeof value === 'string' ? parseModelReference(value) : undefined;
      if (named && 'number' in named && named.model === wanted) return named;
    }
  }
  return undefined;
};
