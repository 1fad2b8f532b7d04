import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { after, before, beforeEach, describe, test } from 'node:test';
import { AppError, type DeclaredMonitor, type Feedback, type Manifest, type PipelineRun, type Retraining } from '@boucle/contract';
import { createRandom } from '@boucle/statistics';
import { createDatasets, type Datasets } from '../datasets/index.ts';
import { type Db, newId, silentLog } from '../platform/index.ts';
import { aManifest } from '../testing/a-manifest.ts';
import { databases } from '../testing/databases.ts';
import { type Ground, layGround } from '../testing/ground.ts';
import { createRetrainings, type RetrainingParts, type Retrainings } from './index.ts';

interface Given {
  seq: number;
  feedback: Feedback;
  predicted: string;
  inputs: Record<string, unknown>;
}
const killRounds = Number(process.env['BOUCLE_KILL_ROUNDS'] ?? 3);

for (const [name, startDatabase] of Object.entries(databases)) {
  describe(`retraining on ${name}`, () => {
    let ground: Ground;
    let datasets: Datasets;
    let manifest: Manifest;
    let given: Given[];
    let monitor: string;
    let dataset: string;
    /** What was begun elsewhere, by the key it was begun with. */
    let runs: Map<string, PipelineRun>;
    let rollouts: Map<string, { id: string; endpoint: string; model: string }>;
    let activeRollout: { id: string } | undefined;
    let opened: Retrainings[] = [];

    before(async () => {
      ground = await layGround(startDatabase);
      const scratch = path.join(ground.folder, 'scratch');
      await mkdir(scratch);
      datasets = createDatasets({ ...ground, scratch, maxUploadBytes: 1_000_000 });
      await ground.nameManifest();
    });
    after(async () => {
      await closeAll();
      await datasets.close();
      await ground.stop();
    });
    const closeAll = async (): Promise<void> => {
      await Promise.all(opened.map((one) => one.close()));
      opened = [];
    };

    let made = 0;
    beforeEach(async () => {
      await closeAll();
      monitor = `watch-${++made}`;
      dataset = `tweets-${made}`;
      [given, runs, rollouts, activeRollout] = [[], new Map(), new Map(), undefined];
      declare({});
      const data = Readable.from('id,text,label\na,late again,bad\nb,great crew,good\n');
      await datasets.ingest(ground.actor, { dataset, options: { key: ['id'] }, data });
    });
    const declare = (retrain: Partial<NonNullable<DeclaredMonitor['retrain']>>): void => {
      const base = aManifest();
      manifest = {
        ...base,
        pipelines: [{ ...base.pipelines[0]!, pipeline: monitor, inputs: { rows: { dataset } } }],
        monitors: [
          {
            name: monitor,
            endpoint: monitor,
            retrain: { pipeline: monitor, on: ['drift'], labels: { dataset, column: 'label', minimum: 2 }, rollout: true, ...retrain },
          },
        ],
        endpoints: [{ name: monitor, model: 'sentiment@champion', environment: 'production' }],
      };
    };
    const label = (text: string, said: unknown, by = 'ada'): void => {
      const predictionId = `${newId()}.0`;
      const at = ground.clock.now().toISOString();
      const feedback = {
        id: newId(),
        project: 'airline',
        predictionId,
        label: said,
        comment: null,
        supersedes: null,
        eventTime: at,
        arrivalTime: at,
        by,
      };
      given.push({ seq: given.length + 1, feedback, predicted: 'good', inputs: { text } });
    };
    const labelSome = (count = 4): void => {
      for (let i = 0; i < count; i++) label(`flight ${given.length} was lost`, 'bad');
    };

    const parts = (): RetrainingParts => ({
      ...ground,
      log: silentLog,
      manifestOf: async () => manifest,
      monitoring: {
        labelled: async (_, __, { after: seq, limit }) => given.filter((one) => one.seq > seq).slice(0, limit),
        of: async () => [],
      },
      datasets,
      startRun: async (actor, { key, inputs, correlationId, pipeline }) => {
        const known =
          runs.get(key!) ?? ({ id: newId(), pipeline, status: 'running', startedBy: actor.id, inputs, correlationId, steps: [] } as never);
        runs.set(key!, known);
        return known;
      },
      runOf: async (_, id) => [...runs.values()].find((run) => run.id === id)!,
      rollouts: {
        active: async () => activeRollout,
        start: async (_, { key, endpoint, model }) => {
          const known = rollouts.get(key) ?? { id: newId(), endpoint, model };
          rollouts.set(key, known);
          return known;
        },
      },
    });
    const open = async (own: RetrainingParts = parts()): Promise<Retrainings> => {
      const retrainings = createRetrainings(own);
      opened.push(retrainings);
      await retrainings.start();
      await retrainings.settled();
      return retrainings;
    };
    let windows = 0;
    const tell = async (type: 'drift.found' | 'quality.failed' | 'window.closed', more: object = {}): Promise<void> => {
      const windowId = `window-${++windows}`;
      const columns = [{ column: 'text', method: 'ks', pValue: 0, effect: 1 }];
      const data = {
        monitor,
        endpoint: monitor,
        windowId,
        version: 1,
        columns,
        findings: [{ message: 'text is missing' }],
        faults: 0,
        ...more,
      };
      await ground.db.write((tx) =>
        ground.events.record(tx, {
          type,
          project: ground.actor.project,
          subject: { type: 'window', id: windowId },
          actor: 'system',
          correlationId: 'c'.repeat(32),
          data: data as never,
        }),
      );
      await ground.newsOf(type);
    };
    const hear = async (retrainings: Retrainings): Promise<void> => {
      await retrainings.hear({ type: 'drift.found' }, ground.actor.project);
      await retrainings.settled();
    };
    const all = async (retrainings: Retrainings): Promise<Retraining[]> =>
      (await retrainings.list(ground.actor.project, { limit: 500, monitor })).items.reverse();
    const endRun = (version = 'sentiment/4'): void => {
      for (const [key, run] of runs) {
        if (run.status !== 'running') continue;
        const steps = [{ outputs: { version: { kind: 'value', value: version } } }];
        runs.set(key, { ...run, status: version === '' ? 'failed' : 'succeeded', steps } as never);
      }
    };

    test('drift becomes labelled rows, a dataset version, a run and a rollout, under one correlation id', async () => {
      labelSome(3);
      label('late again', 'good');
      label('a rude one', 'bad');
      label('a rude one', 'good');
      const retrainings = await open();
      await tell('drift.found');
      await hear(retrainings);
      const [training] = await all(retrainings);
      assert.deepEqual([training!.status, training!.because, training!.correlationId], ['training', 'drift in text', 'c'.repeat(32)]);
      const { given: counted, added, quarantined, held } = training!.rows!;
      assert.deepEqual([counted, added, quarantined, held.length], [6, 3, { contradicting: 2, known: 1 }, 3]);
      assert.deepEqual(training!.datasetVersion, { dataset, number: 2 });
      const version = await datasets.find(ground.actor.project, dataset, 2);
      assert.deepEqual([version.rows, version.createdBy, version.correlationId], [5, `retraining:${monitor}`, 'c'.repeat(32)]);
      const [run] = [...runs.values()];
      assert.deepEqual([run!.startedBy, run!.inputs, run!.correlationId], [`retraining:${monitor}`, { rows: 2 }, 'c'.repeat(32)]);

      endRun();
      await hear(retrainings);
      const [done] = await all(retrainings);
      assert.deepEqual([done!.status, done!.version], ['done', { model: 'sentiment', number: 4 }]);
      assert.deepEqual(
        [...rollouts.values()].map(({ id, endpoint, model }) => [id, endpoint, model]),
        [[done!.rolloutId, monitor, 'sentiment/4']],
      );
      const started = (await ground.newsOf('retraining.started')).filter((one) => one.monitor === monitor);
      const ended = (await ground.newsOf('retraining.ended')).filter((one) => one.monitor === monitor);
      assert.deepEqual([started.length, started[0]!.rows, ended.length, ended[0]!.version], [1, 3, 1, 4]);
    });

    test('a cause is one cause, however often it is told, and each refusal is told once', async () => {
      const retrainings = await open();
      await tell('drift.found', { windowId: `same-${monitor}` });
      await tell('drift.found', { windowId: `same-${monitor}`, version: 2 });
      await hear(retrainings);
      await hear(retrainings);
      const [refused, ...others] = await all(retrainings);
      assert.deepEqual([refused!.status, refused!.reason, others.length], ['refused', 'too_few_labels', 0]);
      assert.match(refused!.message!, /0 labelled rows .* 2 are asked for/);
      assert.equal((await ground.newsOf('retraining.refused')).filter((one) => one.monitor === monitor).length, 1);
    });

    test('one is under way at a time, then there is a cooldown, and faulty data hold it back', async () => {
      declare({ cooldown: '6h' });
      labelSome();
      const retrainings = await open();
      const ask = async (): Promise<string | null> => {
        await tell('drift.found');
        await hear(retrainings);
        return (await all(retrainings)).at(-1)!.reason;
      };
      assert.equal(await ask(), null);
      assert.equal(await ask(), 'in_flight');
      endRun();
      await hear(retrainings);
      labelSome();
      assert.equal(await ask(), 'cooldown');
      await ground.clock.leap(6 * 3_600_000);
      await tell('quality.failed');
      assert.equal(await ask(), 'bad_data');
      await tell('window.closed');
      activeRollout = { id: 'r' };
      assert.equal(await ask(), 'rollout_active');
      activeRollout = undefined;
      assert.equal(await ask(), null);
      assert.equal((await all(retrainings)).at(-1)!.datasetVersion!.number, 3);
    });

    test('labels are learned from once, and those that were not taken wait for more', async () => {
      label('flight 1 was lost', 'bad');
      const retrainings = await open();
      const by = { monitor, key: undefined };
      assert.equal((await retrainings.ask(ground.actor, by)).status, 'asked');
      await retrainings.settled();
      assert.equal((await all(retrainings)).at(-1)!.reason, 'too_few_labels');
      label('flight 2 was lost', 'bad');
      await retrainings.ask(ground.actor, by);
      await retrainings.settled();
      assert.equal((await all(retrainings)).at(-1)!.rows!.added, 2);
      endRun();
      await hear(retrainings);
      await retrainings.ask(ground.actor, by);
      await retrainings.settled();
      assert.equal((await all(retrainings)).at(-1)!.reason, 'too_few_labels');
    });

    test('a run that failed, or registered nothing, ends it; a rollout that may not begin is told', async () => {
      const retrainings = await open({
        ...parts(),
        rollouts: {
          active: async () => undefined,
          start: () => Promise.reject(new AppError('failed_precondition', 'It answers already', { reason: 'already_deployed' })),
        },
      });
      const outcomes = [];
      for (const version of ['', 'another/1', 'sentiment/5']) {
        labelSome();
        await tell('drift.found');
        await hear(retrainings);
        endRun(version);
        await hear(retrainings);
        const { status, reason, version: made } = (await all(retrainings)).at(-1)!;
        outcomes.push([status, reason, made?.number ?? null]);
      }
      assert.deepEqual(outcomes, [
        ['failed', 'run_failed', null],
        ['done', null, null],
        ['done', 'already_deployed', 5],
      ]);
    });

    test('a dataset whose rows a prediction cannot become says so', async () => {
      const data = Readable.from('number,text,label\n1,late,bad\n');
      await datasets.ingest(ground.actor, { dataset, options: { key: ['number'] }, data });
      labelSome();
      const retrainings = await open();
      await tell('drift.found');
      await hear(retrainings);
      const [failed] = await all(retrainings);
      assert.deepEqual([failed!.status, failed!.reason], ['failed', 'rows_do_not_fit']);
      assert.match(failed!.message!, /names its rows by number/);
    });

    test('without a policy in force nothing is asked, and what was begun is given up', async () => {
      labelSome();
      const retrainings = await open();
      await tell('drift.found');
      await hear(retrainings);
      manifest = { ...manifest, monitors: [] };
      await tell('drift.found');
      await hear(retrainings);
      const found = await all(retrainings);
      assert.deepEqual(
        found.map(({ status, reason }) => [status, reason]),
        [['refused', 'policy_gone']],
      );
      await assert.rejects(retrainings.ask(ground.actor, { monitor, key: undefined }), { code: 'not_found' });
    });

    test('several servers on one database take a cause once', async () => {
      labelSome();
      const servers = await Promise.all([open(), open(), open()]);
      await tell('drift.found');
      await Promise.all(servers.map(hear));
      endRun();
      await Promise.all(servers.map(hear));
      await Promise.all(servers.map(hear));
      const found = await all(servers[0]!);
      assert.deepEqual([found.length, found[0]!.status, runs.size, rollouts.size], [1, 'done', 1, 1]);
      assert.equal((await datasets.find(ground.actor.project, dataset, 'latest')).number, 2);
    });

    /** Parts of a server that dies at its n-th doing, before it or after, and does nothing more. */
    const mortal = (whole: RetrainingParts, doings: number, isAfter: boolean): RetrainingParts => {
      let left = doings;
      const killed = new Error('the server was killed');
      const doing =
        <A extends unknown[], T>(work: (...given: A) => Promise<T>) =>
        async (...asked: A): Promise<T> => {
          if (left <= 0) throw killed;
          left -= 1;
          if (left === 0 && !isAfter) throw killed;
          const made = await work(...asked);
          if (left === 0) throw killed;
          return made;
        };
      const { db } = whole;
      const dying: Db = { ...db, write: doing(db.write.bind(db)) as Db['write'] };
      return {
        ...whole,
        db: dying,
        startRun: doing(whole.startRun),
        datasets: { ...whole.datasets, append: doing(whole.datasets.append) },
        rollouts: { ...whole.rollouts, start: doing(whole.rollouts.start) },
      };
    };

    test('killed anywhere, and again and again, there is one of each for a cause', async () => {
      const random = createRandom(made);
      for (let round = 0; round < killRounds; round++) {
        labelSome();
        const before = { version: (await datasets.find(ground.actor.project, dataset, 'latest')).number, runs: runs.size };
        await tell('drift.found');
        for (let life = 0; runs.size === before.runs && life < 60; life++) {
          const dying = await open(mortal(parts(), 1 + random.integer(4), random.uniform() < 0.5));
          await hear(dying);
          await closeAll();
        }
        endRun(`sentiment/${round + 1}`);
        for (let life = 0; rollouts.size === round && life < 60; life++) {
          await open(mortal(parts(), 1 + random.integer(3), random.uniform() < 0.5));
          await closeAll();
        }
        const last = await open();
        const found = await all(last);
        assert.deepEqual([found.length, found.at(-1)!.status], [round + 1, 'done'], JSON.stringify(found.at(-1)));
        assert.deepEqual([runs.size, rollouts.size], [round + 1, round + 1]);
        assert.equal((await datasets.find(ground.actor.project, dataset, 'latest')).number, before.version + 1);
        await closeAll();
      }
      const told = async (type: 'retraining.started' | 'retraining.ended') =>
        (await ground.newsOf(type)).filter((one) => one.monitor === monitor).length;
      assert.deepEqual([await told('retraining.started'), await told('retraining.ended')], [killRounds, killRounds]);
    });
  });
}
