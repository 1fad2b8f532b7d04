import assert from 'node:assert/strict';
import { jsonOf, send } from '../contract/send.ts';
import type { Random } from './writes.ts';

/** One write over MLflow's wire, to a server that may be killed under it. */
export interface WireWrite {
  readonly kind: string;
  readonly send: (address: string) => Promise<void>;
  /** Once it was acknowledged: all of it is there, once. */
  readonly isHeld: (address: string) => Promise<void>;
  /** Where it was cut off: all of it is there, or nothing. */
  readonly isWhole: (address: string) => Promise<void>;
}
interface Pair {
  readonly key: string;
  readonly value: string;
}
interface Run {
  readonly info: { readonly run_id: string; readonly run_name: string };
  readonly data: { readonly params?: readonly Pair[]; readonly tags?: readonly Pair[] };
}

const api = '/api/2.0/mlflow';
const ask = async <T>(address: string, method: string, path: string, body?: object | string): Promise<T> => {
  const got = await send(address, {
    method,
    path,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  assert.equal(got.status, 200, `${method} ${path}: ${got.bytes.toString()}`);
  return method === 'GET' && path.includes('/mlflow-artifacts/artifacts/') ? (got.bytes.toString() as T) : jsonOf<T>(got);
};
const runOf = async (address: string, id: string): Promise<Run> =>
  (await ask<{ run: Run }>(address, 'GET', `${api}/runs/get?run_id=${id}`)).run;
const valueAt = (pairs: readonly Pair[] = [], key: string): string | undefined => pairs.find((pair) => pair.key === key)?.value;
/** Every point there is, not the distinct ones: each was sent once. */
const pointsOf = async (address: string, id: string, key: string) => {
  const { metrics = [] } = await ask<{ metrics?: { step: number; value: number; timestamp: number }[] }>(
    address,
    'GET',
    `${api}/metrics/get-history?run_id=${id}&metric_key=${key}`,
  );
  return metrics.map(({ step, value, timestamp }) => ({ step, value, timestamp }));
};

/** Writes one after the other, of all kinds, to runs and models of its own. */
export const wireWrites = (random: Random, who: string): (() => WireWrite) => {
  let runId: string | undefined;
  let count = 0;

  const make = (name: string): WireWrite => {
    let made = '';
    return {
      kind: 'run',
      send: async (address) => {
        const tags = [{ key: 'mine', value: name }];
        made = (await ask<{ run: Run }>(address, 'POST', `${api}/runs/create`, { experiment_id: '0', run_name: name, tags })).run.info
          .run_id;
        runId = made;
      },
      isHeld: async (address) => {
        const run = await runOf(address, made);
        assert.deepEqual([run.info.run_name, valueAt(run.data.tags, 'mine')], [name, name]);
      },
      // A run without a key that was cut off may be there, with all that it was sent with.
      isWhole: async (address) => {
        const asked = { experiment_ids: ['0'], filter: `attributes.run_name = '${name}'` };
        const { runs = [] } = await ask<{ runs?: Run[] }>(address, 'POST', `${api}/runs/search`, asked);
        assert.ok(runs.length <= 1 && runs.every(({ data }) => valueAt(data.tags, 'mine') === name));
      },
    };
  };
  const logMetric = (id: string, n: number): WireWrite => {
    const point = { step: n, value: random(), timestamp: 1000 + n };
    const here = async (address: string) => (await pointsOf(address, id, 'single')).filter(({ step }) => step === n);
    return {
      kind: 'metric',
      send: (address) => ask(address, 'POST', `${api}/runs/log-metric`, { run_id: id, key: 'single', ...point }),
      isHeld: async (address) => assert.deepEqual(await here(address), [point]),
      isWhole: async (address) => {
        const found = await here(address);
        if (found.length > 0) assert.deepEqual(found, [point]);
      },
    };
  };
  const logBatch = (id: string, n: number): WireWrite => {
    const points = Array.from({ length: 50 }, (_, i) => ({ step: 50 * n + i, value: random(), timestamp: i }));
    const key = `batch-${n}`;
    const there = async (address: string) => {
      const { data } = await runOf(address, id);
      const found = (await pointsOf(address, id, 'many')).filter(({ step }) => step >= 50 * n && step < 50 * n + 50);
      return { points: found.toSorted((a, b) => a.step - b.step), param: valueAt(data.params, key), tag: valueAt(data.tags, key) };
    };
    const whole = { points, param: key, tag: key };
    return {
      kind: 'batch',
      send: (address) =>
        ask(address, 'POST', `${api}/runs/log-batch`, {
          run_id: id,
          metrics: points.map((point) => ({ key: 'many', ...point })),
          params: [{ key, value: key }],
          tags: [{ key, value: key }],
        }),
      isHeld: async (address) => assert.deepEqual(await there(address), whole),
      isWhole: async (address) => {
        const found = await there(address);
        if (found.points.length > 0 || found.param !== undefined || found.tag !== undefined) assert.deepEqual(found, whole);
      },
    };
  };
  const logText = (id: string, n: number, what: 'params' | 'tags'): WireWrite => {
    const key = `one-${n}`;
    const value = String(random());
    const here = async (address: string) => valueAt((await runOf(address, id)).data[what], key);
    return {
      kind: what === 'tags' ? 'tag' : 'param',
      send: (address) => ask(address, 'POST', `${api}/runs/${what === 'tags' ? 'set-tag' : 'log-parameter'}`, { run_id: id, key, value }),
      isHeld: async (address) => assert.equal(await here(address), value),
      isWhole: async (address) => assert.ok([undefined, value].includes(await here(address))),
    };
  };
  const artifact = (id: string, n: number): WireWrite => {
    const path = `/api/2.0/mlflow-artifacts/artifacts/0/${id}/artifacts/files/${n}.txt`;
    const text = `${random()} `.repeat(1 + Math.floor(random() * 3000));
    const isHeld = async (address: string) => assert.equal(await ask<string>(address, 'GET', path), text);
    return {
      kind: 'artifact',
      send: (address) => ask(address, 'PUT', path, text),
      isHeld,
      isWhole: async (address) => {
        const { files = [] } = await ask<{ files?: { path: string }[] }>(address, 'GET', `${api}/artifacts/list?run_id=${id}&path=files`);
        if (files.some((file) => file.path === `files/${n}.txt`)) await isHeld(address);
      },
    };
  };
  const register = (id: string, n: number): WireWrite => {
    const name = `${who}-${n}`;
    const tags = [{ key: 'mine', value: name }];
    const find = async (address: string) => {
      const filter = encodeURIComponent(`name = '${name}'`);
      const { model_versions: versions = [] } = await ask<{ model_versions?: { version: string; run_id: string; tags?: Pair[] }[] }>(
        address,
        'GET',
        `${api}/model-versions/search?filter=${filter}`,
      );
      return versions.map(({ version, run_id, tags: found }) => ({ version, run_id, tags: found }));
    };
    const whole = [{ version: '1', run_id: id, tags }];
    return {
      kind: 'model version',
      send: async (address) => {
        await ask(address, 'POST', `${api}/registered-models/create`, { name, tags });
        await ask(address, 'POST', `${api}/model-versions/create`, { name, source: `s3://elsewhere/${name}`, run_id: id, tags });
        await ask(address, 'POST', `${api}/registered-models/alias`, { name, alias: 'best', version: '1' });
      },
      isHeld: async (address) => {
        assert.deepEqual(await find(address), whole);
        await ask(address, 'GET', `${api}/registered-models/alias?name=${name}&alias=best`);
      },
      isWhole: async (address) => {
        const found = await find(address);
        if (found.length > 0) assert.deepEqual(found, whole);
      },
    };
  };

  return () => {
    const n = (count += 1);
    if (runId === undefined || random() < 0.05) return make(`${who}-${n}`);
    const id = runId;
    const kinds = [logMetric, logBatch, artifact, register, logMetric, logBatch] as const;
    const one = Math.floor(random() * (kinds.length + 2));
    return one < kinds.length ? kinds[one]!(id, n) : logText(id, n, one === kinds.length ? 'params' : 'tags');
  };
};
