import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fastify, { type FastifyInstance } from 'fastify';
import { silentLog } from '../../../platform/index.ts';
import { databases } from '../../../testing/databases.ts';
import { type Ground, layGround } from '../../../testing/ground.ts';
import { openGate } from '../../../testing/open-gate.ts';
import { createTracking, type Tracking } from '../../../tracking/index.ts';
import { bindRoutes } from '../bind-mlflow.ts';
import { issueRoutes } from './issues.ts';
import { traceRoutes } from './traces.ts';

interface WireIssue {
  issue_id: string;
  name: string;
  [field: string]: unknown;
}
interface Answer {
  status: number;
  issue: WireIssue;
  issues?: WireIssue[];
  next_page_token?: string;
  error_code?: string;
  message?: string;
  traces?: { trace_id: string }[];
}

for (const [database, start] of Object.entries(databases)) {
  describe(`MLflow's routes of issues on ${database}`, () => {
    let ground: Ground;
    let tracking: Tracking;
    let app: FastifyInstance;
    before(async () => {
      ground = await layGround(start);
      tracking = createTracking({ ...ground, maxUploadBytes: 1_000_000 });
      app = fastify();
      const { project, ...caller } = ground.actor;
      const door = {
        callerOf: async () => caller,
        resolveProject: async () => project,
        gate: openGate,
        log: silentLog,
        publicUrl: undefined,
        bodyLimit: 100_000,
      } as never;
      await app.register(async (own) => bindRoutes(own, [...issueRoutes(tracking), ...traceRoutes(tracking)], door));
    });
    after(async () => {
      await app.close();
      await ground.stop();
    });

    const call = async (method: 'GET' | 'POST' | 'PATCH', path: string, body?: object): Promise<Answer> => {
      const answer = await app.inject({
        method,
        url: `/api/3.0/mlflow/${path}`,
        ...(body && { payload: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      return { status: answer.statusCode, ...answer.json<Omit<Answer, 'status'>>() };
    };
    const refused = async (answer: Promise<Answer>, status: number, code: string, message: RegExp): Promise<void> => {
      const got = await answer;
      assert.deepEqual([got.status, got.error_code], [status, code]);
      assert.match(got.message!, message);
    };
    const anExperiment = async (name: string): Promise<string> => (await tracking.experiments.create(ground.actor, { name })).id;
    const anIssue = async (experiment_id: string, more = {}): Promise<WireIssue> =>
      (await call('POST', 'issues', { experiment_id, name: 'slow', description: 'It takes long', ...more })).issue;
    const found = async (asked: object): Promise<string[]> => {
      const { status, issues = [] } = await call('POST', 'issues/search', asked);
      assert.equal(status, 200);
      return issues.map(({ name }) => name);
    };

    test('an issue is what was said of it, and pending where nothing else is said', async () => {
      const experiment_id = await anExperiment('whole');
      const run = await tracking.runs.start(ground.actor, { experimentId: experiment_id });
      const said = {
        experiment_id,
        name: 'High latency',
        description: 'Answers take too long',
        status: 'resolved',
        severity: 'high',
        root_causes: ['a query', 'the network'],
        categories: ['latency'],
        source_run_id: run.id,
        created_by: 'ada',
      };
      const at = ground.clock.now().getTime();
      const { issue } = await call('POST', 'issues', said);
      assert.match(issue.issue_id, /^iss-[0-9a-f]{32}$/);
      assert.deepEqual(issue, { issue_id: issue.issue_id, ...said, created_timestamp: at, last_updated_timestamp: at });
      assert.deepEqual((await call('GET', `issues/${issue.issue_id}`)).issue, issue);
      const bare = await anIssue(experiment_id, { severity: '', source_run_id: '', created_by: '' });
      assert.deepEqual(bare, {
        issue_id: bare.issue_id,
        experiment_id,
        name: 'slow',
        description: 'It takes long',
        status: 'pending',
        created_timestamp: at,
        last_updated_timestamp: at,
      });
    });

    test('what is named in a change is changed, and when it was is told', async () => {
      const issue = await anIssue(await anExperiment('changing'), { root_causes: ['a'] });
      const changed = { status: 'rejected', severity: 'not_an_issue', name: 'not slow', description: 'It is so' };
      await ground.clock.leap(1000);
      const { issue: after } = await call('PATCH', `issues/${issue.issue_id}`, { issue_id: issue.issue_id, ...changed });
      assert.deepEqual(after, { ...issue, ...changed, last_updated_timestamp: ground.clock.now().getTime() });
      const { issue: again } = await call('PATCH', `issues/${issue.issue_id}`, { name: '' });
      assert.equal(again.name, 'not slow');
    });

    test('what is wrong with a call is said with the code that clients go by', async () => {
      const experiment_id = await anExperiment('refusing');
      const [invalid, absent] = ['INVALID_PARAMETER_VALUE', 'RESOURCE_DOES_NOT_EXIST'];
      const said = { experiment_id, name: 'a', description: 'b' };
      await refused(call('POST', 'issues', { ...said, name: undefined }), 400, invalid, /Missing value for required parameter 'name'/);
      await refused(call('POST', 'issues', { ...said, description: '' }), 400, invalid, /parameter 'description'/);
      await refused(call('POST', 'issues', { ...said, name: 'x'.repeat(251) }), 400, invalid, /maximum length of 250/);
      await refused(call('POST', 'issues', { ...said, status: 'open' }), 400, invalid, /pending, rejected, resolved/);
      await refused(call('POST', 'issues', { ...said, severity: 'huge' }), 400, invalid, /not_an_issue, low, medium, high/);
      await refused(call('POST', 'issues', { ...said, experiment_id: '999999' }), 404, absent, /No Experiment with id=999999/);
      await refused(call('POST', 'issues', { ...said, source_run_id: 'none' }), 404, absent, /Run 'none' not found/);
      await refused(call('GET', 'issues/none'), 404, absent, /Issue with ID 'none' not found/);
      await refused(call('PATCH', 'issues/none', { name: 'a' }), 404, absent, /Issue with ID 'none' not found/);
      await refused(call('POST', 'issues/search', { filter_string: "name = 'a'" }), 400, invalid, /name/);
      await refused(call('POST', 'issues/search', { filter_string: "status LIKE 'a'" }), 400, invalid, /LIKE/);
      await refused(call('POST', 'issues/search', { max_results: 0 }), 400, invalid, /max_results/);
      await refused(call('POST', 'issues/search', { page_token: 'x' }), 400, invalid, /page token/);
      assert.deepEqual(await found({ experiment_id }), []);
    });

    test('an experiment that is deleted takes no issues', async () => {
      const experiment_id = await anExperiment('deleted');
      await tracking.experiments.remove(ground.actor, experiment_id);
      const said = { experiment_id, name: 'a', description: 'b' };
      await refused(call('POST', 'issues', said), 400, 'INVALID_PARAMETER_VALUE', /active/);
    });

    test('what matters most is found first, then what is newest', async () => {
      const experiment_id = await anExperiment('ordered');
      for (const [name, severity] of Object.entries({ none: undefined, low: 'low', high: 'high', lowToo: 'low', not: 'not_an_issue' })) {
        await ground.clock.leap(1000);
        await anIssue(experiment_id, { name, ...(severity && { severity }) });
      }
      const inOrder = ['high', 'lowToo', 'low', 'not', 'none'];
      assert.deepEqual(await found({ experiment_id }), inOrder);
      const walked: string[] = [];
      for (let page_token = ''; ;) {
        const page = await call('POST', 'issues/search', { experiment_id, max_results: 2, page_token });
        walked.push(...page.issues!.map(({ name }) => name));
        page_token = page.next_page_token!;
        if (page_token === '') break;
      }
      assert.deepEqual(walked, inOrder);
    });

    test('a search is of one experiment or of all, and by status and run', async () => {
      const [here, there] = [await anExperiment('here'), await anExperiment('there')];
      const run = await tracking.runs.start(ground.actor, { experimentId: here });
      await anIssue(here, { name: 'found by a run', source_run_id: run.id, status: 'resolved' });
      await anIssue(here, { name: 'found by hand' });
      await anIssue(there, { name: 'elsewhere' });
      assert.deepEqual(await found({ experiment_id: there }), ['elsewhere']);
      const all = await found({ max_results: 50_000 });
      assert.ok(['elsewhere', 'found by hand', 'found by a run'].every((name) => all.includes(name)));
      const where = (filter_string: string) => found({ experiment_id: here, filter_string });
      assert.deepEqual(await where("status = 'resolved'"), ['found by a run']);
      assert.deepEqual(await where("status != 'resolved'"), ['found by hand']);
      assert.deepEqual(await where(`source_run_id = '${run.id}' AND status = 'pending'`), []);
      assert.deepEqual(await where(`source_run_id = '${run.id}'`), ['found by a run']);
    });

    test('the traces that show an issue are counted, and found by it', async () => {
      const experiment_id = await anExperiment('counted');
      const often = await anIssue(experiment_id, { name: 'often' });
      const never = await anIssue(experiment_id, { name: 'never' });
      for (const i of [1, 2]) {
        const trace_id = `tr-${experiment_id}-${i}`;
        await call('POST', 'traces', {
          trace: {
            trace_info: {
              trace_id,
              trace_location: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id } },
              request_time: '2026-01-01T00:00:00Z',
              state: 'OK',
            },
          },
        });
        for (const source_id of ['ada', 'ben'])
          await call('POST', `traces/${trace_id}/assessments`, {
            assessment: {
              assessment_name: often.issue_id,
              source: { source_type: 'HUMAN', source_id },
              issue: { issue_name: 'often' },
            },
          });
      }
      const { issues } = await call('POST', 'issues/search', { experiment_id, include_trace_count: true });
      assert.deepEqual(
        issues!.map(({ name, trace_count }) => [name, trace_count]),
        [
          ['often', 2],
          ['never', 0],
        ],
      );
      const locations = [{ type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id } }];
      const showing = async ({ issue_id }: WireIssue): Promise<number> =>
        (await call('POST', 'traces/search', { locations, filter: `issue.id = '${issue_id}'` })).traces?.length ?? 0;
      assert.deepEqual([await showing(often), await showing(never)], [2, 0]);
    });

    test('an issue stays when its run is purged, and goes with its experiment', async () => {
      const { actor } = ground;
      const experiment_id = await anExperiment('gone');
      const run = await tracking.runs.start(actor, { experimentId: experiment_id });
      const { issue_id } = await anIssue(experiment_id, { source_run_id: run.id });
      await tracking.runs.remove(actor, run.id);
      await tracking.runs.purge(actor, run.id);
      const { issue } = await call('GET', `issues/${issue_id}`);
      assert.equal(issue['source_run_id'], undefined);
      await tracking.experiments.remove(actor, experiment_id);
      await tracking.experiments.purge(actor, experiment_id);
      assert.equal((await call('GET', `issues/${issue_id}`)).status, 404);
    });
  });
}
