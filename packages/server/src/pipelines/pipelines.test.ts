import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AppError,
  blobDigest,
  type BoucleEvent,
  type Failure,
  type Manifest,
  type PipelineRun,
  type Plan,
  type PlannedStep,
  type StepRun,
} from '@boucle/contract';
import { type Actor, createWhoMay, type Identity, systemActor } from '../governance/index.ts';
import { type Blobs, createBlobs } from '../platform/blobs/index.ts';
import { createEvents, type Db, openDb, silentLog, systemClock } from '../platform/index.ts';
import { createProjects, defaultProject } from '../projects/index.ts';
import { databases, type TestDatabase } from '../testing/databases.ts';
import { createTracking, type Tracking } from '../tracking/index.ts';
import { holdValues, valueArtifact } from './made-artifacts.ts';
import { createPipelines, type Pipelines } from './pipelines.ts';
import type { AttemptEnd, AttemptHooks, AttemptSpec, Environment, StepExecutor } from './ports.ts';
import { stepRunStore } from './step-run-store.ts';

const actor: Actor = systemActor(defaultProject);
const manifestId = 'a'.repeat(32);
const bundle: Manifest['bundle'] = { format: 'boucle.bundle/1', tree: `tree:${'0'.repeat(64)}`, packages: [] };
const resources = { wallSeconds: 0, cpuSeconds: 0, peakMemoryBytes: 0 };

const step = (
  id: string,
  {
    takes = [],
    params = {},
    options = {},
  }: { takes?: readonly string[]; params?: PlannedStep['params']; options?: PlannedStep['options'] } = {},
): PlannedStep => ({
  id,
  step: id,
  code: { module: `${id}.ts` },
  codeDigest: blobDigest(createHash('sha256').update(id).digest('hex')),
  params,
  secrets: [],
  options,
  ports: { inputs: { given: { kind: 'value', many: true } }, outputs: { made: { kind: 'value' } } },
  inputs: { given: takes.map((from) => ({ from: 'step' as const, id: from, output: 'made' })) },
});

/** Carries attempts out when it is told how they end; it keeps the contract of a real one, and stores what they bring. */
const scriptedExecutor = (blobs: Blobs) => {
  const begun: AttemptSpec[] = [];
  const open = new Map<string, (end: AttemptEnd) => void>();
  let answer: ((spec: AttemptSpec) => AttemptEnd | 'wait') | undefined;
  const executor: StepExecutor = {
    carryOut: async (spec, hooks) => {
      const end = await new Promise<AttemptEnd>((resolve) => {
        begun.push(spec);
        void hooks.started();
        const end = answer?.(spec) ?? succeeded(spec);
        if (end === 'wait') open.set(spec.name, resolve);
        else resolve(end);
      });
      if (end.outcome === 'succeeded') await holdValues(blobs, Object.values(end.outputs));
      return end;
    },
    cancel: (name, reason) => open.get(name)?.(failed({ kind: 'cancelled', message: reason })),
    readLog: async () => ({ text: '', offset: 0, nextOffset: 0, complete: true }),
    close: async () => {
      for (const end of open.values()) end(failed({ kind: 'infrastructure', retryable: true, reason: 'server_stopping' }));
    },
  };
  return { executor, begun, open, answerWith: (how: typeof answer) => void (answer = how) };
};
const succeeded = ({ step: { id }, params }: AttemptSpec): AttemptEnd => ({
  outcome: 'succeeded',
  outputs: { made: valueArtifact({ id, params }) },
  resources,
});
const failed = (change: Partial<Failure>): AttemptEnd => ({
  outcome: 'failed',
  failure: { kind: 'user', retryable: false, message: 'no', ...change },
  resources,
});

const toldOf = ({ type, actor: by, data }: BoucleEvent) =>
  type === 'step_run.ended' ? { step: data['step'], status: data['status'], by } : type;

for (const [name, start] of Object.entries(databases)) {
  describe(`pipelines on ${name}`, () => {
    let server: TestDatabase;
    let db: Db;
    let folder: string;
    let blobs: Blobs;
    const opened: Pipelines[] = [];
    let runs: Tracking['runs'];
    let newsOf: (run: PipelineRun) => Promise<unknown[]>;
    let identity: Identity;
    let makePipelines: (executor: StepExecutor, steps: readonly PlannedStep[]) => Pipelines;

    before(async () => {
      server = await start();
      db = await openDb(server.url);
      folder = await mkdtemp(path.join(tmpdir(), 'boucle-pipelines-'));
      blobs = await createBlobs(folder);
      const events = createEvents({ db, clock: systemClock, log: silentLog });
      const base = { db, events, clock: systemClock, log: silentLog, blobs, maxUploadBytes: 1e6 };
      const projects = createProjects(base);
      await projects.ensureDefault();
      const tracking = createTracking({ ...base, projects });
      runs = tracking.runs;
      identity = createWhoMay({ db, clock: systemClock, fallback: 'none', isRequired: true }).identity;
      newsOf = async ({ correlationId }) => (await events.byCorrelation(defaultProject.id, correlationId, 100)).map(toldOf);
      makePipelines = (executor, steps) => {
        const plan: Plan = {
          format: 'boucle.plan/1',
          pipeline: 'p',
          params: { type: 'object', properties: { seed: { default: 1 } } },
          inputs: {},
          steps: [...steps],
          outputs: {},
          on: [],
        };
        const manifest: Manifest = {
          format: 'boucle.manifest/1',
          project: 'default',
          problem: '',
          owners: [],
          risk: 'minimal',
          kpis: {},
          datasets: [],
          pipelines: [plan],
          endpoints: [],
          monitors: [],
          bundle,
          source: { commit: null, changes: null },
        };
        const made = createPipelines({
          ...base,
          executor,
          runs: tracking.runs,
          versions: {
            describe: () => Promise.reject(new Error('no models here')),
            register: () => Promise.reject(new Error('no models here')),
          },
          manifestOf: async () => ({ id: manifestId, manifest }),
          sourcesOf: async () => ({ bundle, commit: 'c0ffee', changes: null }),
          secretsOf: async () => ({}),
          ownAddress: async () => 'http://127.0.0.1:4711',
          lendToken: identity.lend,
          holdBlobs: async () => {},
          datasetVersion: () => Promise.reject(new AppError('not_found', 'no data here')),
        });
        opened.push(made);
        return made;
      };
    });
    after(async () => {
      await Promise.all(opened.map((pipelines) => pipelines.close()));
      await db.close();
      await server.stop();
      await rm(folder, { recursive: true });
    });

    let salts = 0;
    const begin = (pipelines: Pipelines, { salt = `s${salts++}`, params = {} }: { salt?: string; params?: Record<string, unknown> } = {}) =>
      pipelines.start(actor, { pipeline: 'p', params, inputs: {}, salt, cache: true });
    const ended = async (pipelines: Pipelines, { id }: PipelineRun): Promise<PipelineRun> => {
      for (;;) {
        const run = await pipelines.get(actor, id);
        if (run.status !== 'running') return run;
        await sleep(5);
      }
    };
    const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
      while (!(await isSo())) await sleep(5);
    };
    const statuses = ({ steps }: PipelineRun) => Object.fromEntries(steps.map((s) => [s.step, s.status]));

    test('steps run in the order of what they take, and a second run finds everything held', async () => {
      const { executor, begun } = scriptedExecutor(blobs);
      const pipelines = makePipelines(executor, [step('a'), step('b', { takes: ['a'] }), step('c', { takes: ['a', 'b'] })]);
      const first = await ended(pipelines, await begin(pipelines, { salt: 'held' }));
      assert.deepEqual([first.status, begun.map((spec) => spec.step.id)], ['succeeded', ['a', 'b', 'c']]);
      const second = await ended(pipelines, await begin(pipelines, { salt: 'held' }));
      assert.deepEqual(statuses(second), { a: 'cached', b: 'cached', c: 'cached' });
      assert.equal(begun.length, 3);
      assert.equal(second.steps[0]!.cachedFrom, first.steps[0]!.id);
      assert.equal((await pipelines.why(actor, second.steps[2]!.id)).verdict, 'cached');
    });

    test('one changed parameter runs its step and what follows, and why names it', async () => {
      const { executor, begun } = scriptedExecutor(blobs);
      const pipelines = makePipelines(executor, [
        step('x'),
        step('y', { takes: ['x'], params: { seed: { from: 'param', name: 'seed' } } }),
        step('z', { takes: ['y'] }),
      ]);
      await ended(pipelines, await begin(pipelines, { salt: 'seeded' }));
      begun.length = 0;
      const again = await ended(pipelines, await begin(pipelines, { salt: 'seeded', params: { seed: 2 } }));
      assert.deepEqual(statuses(again), { x: 'cached', y: 'succeeded', z: 'succeeded' });
      assert.deepEqual((await pipelines.why(actor, again.steps[1]!.id)).changes, [{ part: 'params.seed', before: 1, now: 2 }]);
      assert.deepEqual(
        (await pipelines.why(actor, again.steps[2]!.id)).changes.map(({ part }) => part),
        ['inputs.given'],
      );
    });

    test('equal steps of two runs at once are computed once', async () => {
      const { executor, begun, open, answerWith } = scriptedExecutor(blobs);
      const pipelines = makePipelines(executor, [step('once')]);
      answerWith(() => 'wait');
      const runs = [await begin(pipelines, { salt: 'flight' }), await begin(pipelines, { salt: 'flight' })];
      await until(() => open.size === 1);
      await sleep(50);
      assert.equal(begun.length, 1);
      answerWith(undefined);
      open.get(begun[0]!.name)!(succeeded(begun[0]!));
      const ends = await Promise.all(runs.map((run) => ended(pipelines, run)));
      assert.deepEqual(ends.map((run) => run.steps[0]!.status).sort(), ['cached', 'succeeded']);
      assert.equal(begun.length, 1);
    });

    test('a failed step cancels what follows, keeps nothing, and is tried anew by the next run', async () => {
      const { executor, begun, answerWith } = scriptedExecutor(blobs);
      const pipelines = makePipelines(executor, [step('bad'), step('next', { takes: ['bad'] }), step('beside')]);
      answerWith((spec) => (spec.step.id === 'bad' ? failed({ where: 'steps/bad.ts:3' }) : succeeded(spec)));
      const run = await ended(pipelines, await begin(pipelines, { salt: 'fails' }));
      assert.deepEqual([run.status, statuses(run)], ['failed', { bad: 'failed', next: 'cancelled', beside: 'succeeded' }]);
      assert.equal(run.steps[0]!.failure!.where, 'steps/bad.ts:3');
      answerWith(undefined);
      const again = await ended(pipelines, await begin(pipelines, { salt: 'fails' }));
      assert.deepEqual(statuses(again), { bad: 'succeeded', next: 'succeeded', beside: 'cached' });
      assert.equal(begun.length, 4);
    });

    test('a passing fault is tried again, each attempt under a name of its own', async () => {
      const { executor, begun, answerWith } = scriptedExecutor(blobs);
      const pipelines = makePipelines(executor, [step('shaky')]);
      answerWith((spec) => (spec.name.endsWith('-1') ? failed({ kind: 'infrastructure', retryable: true }) : succeeded(spec)));
      const run = await ended(pipelines, await begin(pipelines));
      assert.deepEqual([run.status, run.steps[0]!.attempt], ['succeeded', 2]);
      assert.deepEqual(
        begun.map((spec) => spec.name.split('-')[1]),
        ['1', '2'],
      );
    });

    test('cancelling ends what runs and what waits', async () => {
      const { executor, open, answerWith } = scriptedExecutor(blobs);
      const pipelines = makePipelines(executor, [step('long'), step('later', { takes: ['long'] })]);
      answerWith(() => 'wait');
      const run = await begin(pipelines);
      await until(() => open.size === 1);
      await pipelines.cancel(actor, run.id);
      assert.deepEqual(statuses(await ended(pipelines, run)), { long: 'cancelled', later: 'cancelled' });
      await assert.rejects(pipelines.cancel(actor, run.id), { code: 'failed_precondition', reason: 'run_ended' });
    });

    test('a new server goes on where a killed one stood, and what the old one brings late changes nothing', async () => {
      const old = scriptedExecutor(blobs);
      const steps = [step('first'), step('second', { takes: ['first'] })];
      const killed = makePipelines(old.executor, steps);
      old.answerWith((spec) => (spec.step.id === 'second' ? 'wait' : succeeded(spec)));
      const run = await begin(killed);
      await until(async () => (await killed.get(actor, run.id)).steps[1]!.status === 'running');
      // No close: a killed server ends nothing in good order.
      const young = scriptedExecutor(blobs);
      young.answerWith(() => 'wait');
      const next = makePipelines(young.executor, steps);
      await next.recover();
      await until(() => young.open.size === 1);
      assert.equal(young.begun[0]!.name.split('-')[1], '2');
      const late = old.begun.find((spec) => spec.step.id === 'second')!;
      old.open.get(late.name)!({ outcome: 'succeeded', outputs: { made: valueArtifact('too late') }, resources });
      await sleep(50);
      assert.equal((await next.get(actor, run.id)).steps[1]!.status, 'running');
      young.open.get(young.begun[0]!.name)!(succeeded(young.begun[0]!));
      const end = await ended(next, run);
      assert.deepEqual([end.status, end.steps[1]!.outputs['made']!.value], ['succeeded', { id: 'second', params: {} }]);
    });

    test('Runs that somebody ended by hand stay so, and hinder neither their step nor their pipeline run nor the next start', async () => {
      const { executor, begun, open, answerWith } = scriptedExecutor(blobs);
      const steps = [step('tracked', { options: { experiment: 'by hand' } })];
      const pipelines = makePipelines(executor, steps);
      answerWith(() => 'wait');
      const run = await begin(pipelines);
      const killBoth = async (): Promise<void> => {
        await until(async () => (await pipelines.get(actor, run.id)).steps[0]!.status === 'running');
        const [{ runId }] = (await pipelines.get(actor, run.id)).steps as [StepRun];
        for (const id of [runId!, run.runId!]) await runs.end(actor, id, { status: 'killed' });
      };
      await killBoth();
      const next = makePipelines(executor, steps);
      await next.recover();
      await until(() => begun.length === 2);
      await killBoth();
      open.get(begun[1]!.name)!(succeeded(begun[1]!));
      const end = await ended(next, run);
      assert.deepEqual([end.status, (await runs.get(defaultProject, run.runId!)).status], ['succeeded', 'killed']);
    });

    test('a server that stops in good order leaves its steps to the next one, with all their retries', async () => {
      const { executor, begun, open, answerWith } = scriptedExecutor(blobs);
      const steps = [step('patient', { options: { retry: { max: 0 } } }), step('patient too')];
      const pipelines = makePipelines(executor, steps);
      answerWith(() => 'wait');
      const run = await begin(pipelines);
      await until(() => open.size === 2);
      await pipelines.close();
      assert.deepEqual(statuses(await pipelines.get(actor, run.id)), { patient: 'waiting', 'patient too': 'waiting' });
      assert.equal(begun.length, 2);
      answerWith(undefined);
      const next = makePipelines(executor, steps);
      await next.recover();
      assert.equal((await ended(next, run)).status, 'succeeded');
    });

    test('each step that a person cancels is told of, with who it was', async () => {
      const { executor, open, answerWith } = scriptedExecutor(blobs);
      const pipelines = makePipelines(executor, [step('long'), step('later', { takes: ['long'] })]);
      answerWith(() => 'wait');
      const run = await begin(pipelines);
      await until(() => open.size === 1);
      await pipelines.cancel({ ...actor, id: 'ada' }, run.id);
      await until(async () => (await newsOf(run)).includes('pipeline_run.ended'));
      assert.deepEqual(
        (await newsOf(run)).filter((news) => typeof news === 'object'),
        [
          { step: 'later', status: 'cancelled', by: 'ada' },
          { step: 'long', status: 'cancelled', by: 'system' },
        ],
      );
    });

    test('a step that was lost too often has ended, and is told of', async () => {
      const { executor, answerWith } = scriptedExecutor(blobs);
      const steps = [step('cursed')];
      const pipelines = makePipelines(executor, steps);
      answerWith(() => 'wait');
      const run = await begin(pipelines);
      await until(async () => (await pipelines.get(actor, run.id)).steps[0]!.status === 'running');
      await db.write((tx) => stepRunStore(tx).move({ ...run.steps[0]!, status: 'running', attempt: 1 }, { attempt: 10 }));
      const next = makePipelines(executor, steps);
      await next.recover();
      assert.deepEqual(statuses(await ended(next, run)), { cursed: 'lost' });
      await until(async () => (await newsOf(run)).includes('pipeline_run.ended'));
      assert.deepEqual(
        (await newsOf(run)).filter((news) => typeof news === 'object'),
        [{ step: 'cursed', status: 'lost', by: 'system' }],
      );
    });

    test('a command finds its Run, and a token that opens its own project until it ends', async () => {
      const { executor } = scriptedExecutor(blobs);
      const carryOut = executor.carryOut;
      const found: Record<string, Environment> = {};
      const callers: unknown[] = [];
      executor.carryOut = async (spec, hooks) => {
        const environment = await hooks.started();
        found[spec.step.id] = environment;
        callers.push(await identity.byToken(environment['BOUCLE_TOKEN']!));
        await hooks.sampled([{ key: 'system/cpu_utilization_percentage', value: 50 }]);
        return carryOut(spec, { ...hooks, started: async () => environment });
      };
      const command = { ...step('in Python'), code: { command: ['python3'], reads: [] } };
      const run = makePipelines(executor, [command, step('in TypeScript', { takes: ['in Python'] })]);
      const { steps } = await ended(run, await begin(run));
      const { runId } = steps[0]!;
      const { experimentId, metrics } = await runs.get(defaultProject, runId!);
      assert.deepEqual(metrics, { 'system/cpu_utilization_percentage': 50 });
      const { BOUCLE_TOKEN: token, ...others } = found['in Python']!;
      assert.deepEqual(others, {
        BOUCLE_URL: 'http://127.0.0.1:4711',
        BOUCLE_PROJECT: 'default',
        MLFLOW_TRACKING_URI: 'http://127.0.0.1:4711',
        MLFLOW_TRACKING_TOKEN: token,
        MLFLOW_RUN_ID: runId,
        MLFLOW_EXPERIMENT_ID: experimentId,
      });
      assert.deepEqual(
        [found['in TypeScript']!['MLFLOW_RUN_ID'], steps[1]!.runId],
        [undefined, null],
        'a step that has measured nothing has no Run, whatever it used',
      );
      assert.deepEqual(
        callers.map((caller) => ({ ...(caller as Actor), permissions: undefined })),
        steps.map(({ id }) => ({ id: `step:${id}`, onlyIn: defaultProject, permissions: undefined })),
      );
      assert.equal(await identity.byToken(token!), undefined);
    });

    test('an attempt that starts too late to count leaves no Run behind', async () => {
      const steps = [step('slow to start', { options: { experiment: 'late' } })];
      const old = scriptedExecutor(blobs);
      const asked = Promise.withResolvers<AttemptHooks>();
      const { carryOut } = old.executor;
      old.executor.carryOut = (_, hooks) => {
        asked.resolve(hooks);
        // Unlike a killed server, this one still looks, and may take the step's next attempt.
        old.executor.carryOut = carryOut;
        return new Promise(() => {});
      };
      const run = await begin(makePipelines(old.executor, steps));
      const { started } = await asked.promise;
      opened.pop();
      const next = makePipelines(scriptedExecutor(blobs).executor, steps);
      await next.recover();
      await ended(next, run);
      await started();
      await sleep(50);
      const { items } = await runs.list(defaultProject, { parentRunId: run.runId!, limit: 10 });
      assert.deepEqual(
        items.map(({ status }) => status),
        ['finished'],
      );
    });

    test('however many start at once, each has a number of its own', async () => {
      const pipelines = makePipelines(scriptedExecutor(blobs).executor, [step('counted')]);
      const numbers = (await Promise.all(Array.from({ length: 30 }, () => begin(pipelines)))).map(({ number }) => number);
      assert.equal(new Set(numbers).size, 30);
    });

    test('the same idempotency key starts one run', async () => {
      const { executor } = scriptedExecutor(blobs);
      const pipelines = makePipelines(executor, [step('single')]);
      const ask = () => pipelines.start(actor, { pipeline: 'p', params: {}, inputs: {}, salt: 'idem', cache: true, key: 'k1' });
      const [a, b] = await Promise.all([ask(), ask()]);
      assert.equal(a.id, b.id);
      await assert.rejects(pipelines.start(actor, { pipeline: 'p', params: {}, inputs: {}, salt: 'other', cache: true, key: 'k1' }), {
        reason: 'idempotency_key_reused',
      });
      await ended(pipelines, a);
    });

    test('a pipeline, an input or a parameter that is not there is refused by name', async () => {
      const pipelines = makePipelines(scriptedExecutor(blobs).executor, [step('any')]);
      const ask = { pipeline: 'p', params: {}, inputs: {}, salt: '', cache: true };
      await assert.rejects(pipelines.start(actor, { ...ask, pipeline: 'q' }), {
        code: 'not_found',
        message: /no pipeline q .* there are: p/,
      });
      await assert.rejects(pipelines.start(actor, { ...ask, inputs: { tweets: 1 } }), { reason: 'unknown_input' });
      await assert.rejects(pipelines.start(actor, { ...ask, inputs: { toString: 1 } }), { reason: 'unknown_input' });
      await assert.rejects(pipelines.start(actor, { ...ask, params: { x: 1 } }), { reason: 'unknown_param' });
    });
  });
}
