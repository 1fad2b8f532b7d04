import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { gpuMetrics } from './gpus.ts';
import { sumOfInterfaces } from './network-bytes.ts';
import { systemMetrics } from './system-metrics.ts';
import { type SystemMetric, watchSystem } from './watch-system.ts';

const looks = (count: number, more: Omit<Parameters<typeof watchSystem>[0], 'log'> = {}): Promise<SystemMetric[][]> =>
  new Promise((resolve) => {
    const found: SystemMetric[][] = [];
    // Its own timers let the process end.
    const stays = setTimeout(() => {}, 30_000);
    const stop = watchSystem({
      firstMs: 20,
      everyMs: 20,
      ...more,
      log: (metrics) => {
        found.push(metrics);
        if (found.length < count) return;
        stop();
        clearTimeout(stays);
        resolve(found);
      },
    });
  });
const valuesOf = (metrics: readonly SystemMetric[] = []) => Object.fromEntries(metrics.map(({ key, value }) => [key, value]));

test('a machine tells of its processors, memory, disk and network, look by look', async () => {
  const found = await looks(3);
  assert.deepEqual(
    found.map((metrics) => [...new Set(metrics.map(({ step }) => step))]),
    [[0], [1], [2]],
  );
  for (const metrics of found) {
    const values = valuesOf(metrics);
    for (const name of ['cpu_utilization', 'system_memory_usage', 'disk_usage'])
      assert.ok(values[`system/${name}_percentage`]! >= 0 && values[`system/${name}_percentage`]! <= 100, name);
    assert.ok(values['system/system_memory_usage_megabytes']! > 10 && values['system/disk_usage_megabytes']! > 0);
  }
});

test('of some processes, memory and processor time are theirs alone', async () => {
  let asked = 0;
  const [first, second] = await looks(2, { use: () => ({ cpuSeconds: asked++ * 1000, memoryBytes: 2_500_000 }) });
  assert.equal(valuesOf(first)['system/system_memory_usage_megabytes'], 2.5);
  assert.equal(valuesOf(second)['system/cpu_utilization_percentage'], 100);
});

test('where nobody knows what they use, the rest is told', async () => {
  const [metrics] = await looks(1, { use: () => undefined });
  assert.deepEqual(
    metrics?.map(({ key }) => key).filter((key) => /cpu|memory/.test(key)),
    [],
  );
  assert.ok('system/disk_usage_percentage' in valuesOf(metrics));
});

test('what is thrown on the way keeps nobody from looking again', async () => {
  let asked = 0;
  const use = () => {
    asked += 1;
    if (asked === 2) throw new Error('gone');
    return { cpuSeconds: 0, memoryBytes: 0 };
  };
  assert.equal((await looks(1, { use })).length, 1);
  assert.equal(asked, 3);
});

test('a run is given them one by one, until it is enough', async () => {
  const taken: { key: string; value: number; step: number }[] = [];
  const stays = setTimeout(() => {}, 30_000);
  await new Promise<void>((resolve) => {
    const stop = systemMetrics(
      {
        metric: (key, value, { step, time }) => {
          taken.push({ key, value, step });
          assert.ok(Math.abs(Date.now() - time) < 30_000);
          stop();
          resolve();
        },
      },
      { firstMs: 10, everyMs: 10 },
    );
  });
  clearTimeout(stays);
  assert.equal(taken[0]?.step, 0);
  assert.match(taken[0].key, /^system\/\w+_(percentage|megabytes)$/);
});

test('a process that is watched ends when its work does', () => {
  const program = `import { watchSystem } from ${JSON.stringify(new URL('./watch-system.ts', import.meta.url).href)}; watchSystem({ log: () => {} });`;
  execFileSync(process.execPath, ['--input-type=module', '-e', program], { timeout: 20_000 });
});

test('the network is every interface but the loop', () => {
  const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 900 1 0 0 0 0 0 0 900 1 0 0 0 0 0 0
  eth0: 1000 5 0 0 0 0 0 0 70 5 0 0 0 0 0 0
wlan0:20 5 0 0 0 0 0 0 3 5 0 0 0 0 0 0
`;
  assert.deepEqual(sumOfInterfaces(text), { received: 1020, transmitted: 73 });
});

test('each card tells what it can', () => {
  assert.deepEqual(gpuMetrics('50, 1000, 4000, 100.5, 201\n0, 10, 1000, [N/A], [N/A]\n'), {
    gpu_0_utilization_percentage: 50,
    gpu_0_memory_usage_megabytes: 1048.58,
    gpu_0_memory_usage_percentage: 25,
    gpu_0_power_usage_watts: 100.5,
    gpu_0_power_usage_percentage: 50,
    gpu_1_utilization_percentage: 0,
    gpu_1_memory_usage_megabytes: 10.49,
    gpu_1_memory_usage_percentage: 1,
  });
  assert.deepEqual(gpuMetrics(''), {});
});
