import assert from 'node:assert/strict';
import { test } from 'node:test';
import { giveEvidence, startWaiting } from '../a-rollout.ts';
import { closeWindow, monitor } from '../a-window.ts';
import { aSilence, channel, raiseAlert } from '../an-alert.ts';
import { entryOf, routes } from '../per-route.ts';
import { aNewName } from '../names.ts';
import { aPassword } from '../refusals/users.ts';
import { endpoint, model, project, type Stage } from '../stage.ts';

interface Asked {
  readonly params?: object;
  readonly query: object;
}
interface Page {
  readonly items: readonly object[];
  readonly nextCursor: string | null;
}
interface Listed {
  readonly asked: Asked;
  /** Makes one more of what is listed. */
  readonly add: () => Promise<unknown>;
}
const params = { project };

/** Of each list that pages, how it grows. */
const lists = (stage: Stage): Readonly<Record<string, Listed>> => {
  const { client } = stage;
  const ofModel = { ...params, model };
  const ofDataset = { ...params, dataset: 'grows' };
  const run = { ...params, runId: stage.runId };
  const aDataset = (dataset: string) =>
    client.datasets.versions.create({ params: { ...params, dataset }, query: {}, data: `text\n${aNewName()}\n` });
  const register = (name: string, digest: string) =>
    client.models.versions.create({ params: { ...params, model: name }, body: { digest } });
  const deploy = (name: string) => client.endpoints.deploy({ params: { ...params, endpoint: name }, body: { model: `${model}/1` } });
  const anotherPackage = async () => {
    const entries = await stage.blobs.tree(stage.modelVersion.digest as `tree:${string}`);
    const note = aNewName();
    return stage.uploadTree([...entries, { path: 'note.txt', blob: await stage.upload(note), size: note.length }]);
  };
  let step = 0;
  return {
    'projects.list': { asked: { query: {} }, add: () => client.projects.create({ body: { name: aNewName() } }) },
    'users.list': { asked: { query: {} }, add: () => client.users.create({ body: { name: aNewName(), password: aPassword } }) },
    'tokens.list': { asked: { query: {} }, add: () => client.tokens.create({ body: { name: aNewName() } }) },
    'datasets.list': { asked: { params, query: {} }, add: () => aDataset(aNewName()) },
    'datasets.versions.list': { asked: { params: ofDataset, query: {} }, add: () => aDataset('grows') },
    'experiments.list': { asked: { params, query: {} }, add: () => client.experiments.create({ params, body: { name: aNewName() } }) },
    'runs.keys': {
      asked: { params, query: { kind: 'param' } },
      add: () => client.runs.create({ params, body: { params: { [aNewName()]: 'x' } } }),
    },
    'runs.list': { asked: { params, query: {} }, add: () => client.runs.create({ params, body: {} }) },
    'runs.artifacts.list': {
      asked: { params: run, query: { path: 'grows' } },
      add: () => client.runs.artifacts.put({ params: run, query: { path: `grows/${aNewName()}` }, data: 'x' }),
    },
    'runs.history': {
      asked: { params: run, query: { key: 'grows' } },
      add: () =>
        client.runs.log({
          params: run,
          body: { metrics: [{ key: 'grows', value: step % 2 ? 'NaN' : step / 3, step: step++ >> 1, time: 1 }] },
        }),
    },
    'models.list': { asked: { params, query: {} }, add: () => register(aNewName(), stage.modelVersion.digest) },
    'models.versions.list': { asked: { params: ofModel, query: {} }, add: async () => register(model, await anotherPackage()) },
    'retrainings.list': {
      asked: { params, query: {} },
      add: async () => {
        await client.retrainings.start({ params, body: { monitor: 'retrainer' } });
        await stage.modules.retrainings.settled();
      },
    },
    'approvals.list': { asked: { params, query: {} }, add: () => stage.askApproval() },
    'pipelineRuns.list': {
      asked: { params, query: {} },
      add: async () => {
        const { id } = await client.pipelines.run({ params: { ...params, pipeline: 'training' }, body: {} });
        await stage.untilEnded(id);
      },
    },
    'endpoints.list': { asked: { params, query: {} }, add: () => deploy(aNewName()) },
    'rollouts.list': { asked: { params, query: {} }, add: () => startWaiting(stage) },
    'rollouts.evidence': {
      asked: { params: { ...params, rolloutId: stage.rolloutId }, query: {} },
      add: () => giveEvidence(stage, stage.rolloutId),
    },
    'alerts.list': { asked: { params, query: {} }, add: () => raiseAlert(client, stage.address, endpoint) },
    'silences.list': { asked: { params, query: {} }, add: () => client.silences.create(aSilence()) },
    'notifications.list': {
      asked: { params, query: {} },
      add: () => client.channels.test({ params: { ...params, channel: channel.name }, body: {} }),
    },
    'monitors.windows': { asked: { params: { ...params, monitor }, query: {} }, add: () => closeWindow(client, endpoint) },
    'endpoints.deployments': { asked: { params: { ...params, endpoint }, query: {} }, add: () => deploy(endpoint) },
  };
};

/** Pages put together are the list: nothing twice, nothing left out, also while it grows. */
export const pagingTests = (stage: () => Stage): void => {
  const paged = routes.filter(([, { query }]) => query && 'cursor' in query.properties).map(([name]) => name);

  test('every list that pages is known here', () => {
    assert.deepEqual(Object.keys(lists(stage())).sort(), [...paged].sort());
  });

  for (const name of paged) {
    test(`${name} pages without gaps and doubles`, async () => {
      const { asked, add } = lists(stage())[name]!;
      const list = entryOf<(input: Asked) => Promise<Page>>(stage().client, name);
      const page = (limit: number, cursor?: string | null) =>
        list({ ...asked, query: { ...asked.query, limit, ...(cursor && { cursor }) } });
      const walk = async (limit: number, between: () => Promise<unknown> = async () => {}): Promise<object[]> => {
        const items: object[] = [];
        let cursor: string | null = null;
        do {
          const { items: more, nextCursor }: Page = await page(limit, cursor);
          assert.ok(more.length <= limit);
          assert.ok(more.length === limit || nextCursor === null, 'only the last page may be short');
          items.push(...more);
          if (items.length > 2000) throw new Error(`${name} never ends`);
          cursor = nextCursor;
          if (cursor !== null) await between();
        } while (cursor !== null);
        return items;
      };

      for (let count = 0; count < 4; count++) await add();
      const all = await walk(500);
      assert.ok(all.length >= 4);
      for (const limit of [1, 2, 3, all.length - 1, all.length]) assert.deepEqual(await walk(limit), all, `in pages of ${limit}`);

      let grown = 0;
      const whileGrowing = await walk(3, async () => grown++ < 2 && add());
      const texts = whileGrowing.map((item) => JSON.stringify(item));
      assert.equal(new Set(texts).size, texts.length, 'something came twice');
      const seen = new Set(idsOf(whileGrowing));
      assert.deepEqual(
        idsOf(all).filter((id) => !seen.has(id)),
        [],
        'something was left out',
      );
    });
  }
};

/** What does not change of an item when others come. */
const idsOf = (items: readonly object[]): string[] =>
  items.map((item) => {
    const { id, name, value, step } = item as Record<string, unknown>;
    return JSON.stringify(id ?? name ?? [value, step]);
  });
