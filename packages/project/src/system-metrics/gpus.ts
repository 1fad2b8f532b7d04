import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const asked = ['utilization.gpu', 'memory.used', 'memory.total', 'power.draw', 'power.limit'];
let areThere = true;

/** Of NVIDIA's, where its program is; a machine without it is asked once. */
export const lookAtGpus = async (): Promise<Record<string, number>> => {
  if (!areThere) return {};
  try {
    const args = [`--query-gpu=${asked.join(',')}`, '--format=csv,noheader,nounits'];
    return gpuMetrics((await promisify(execFile)('nvidia-smi', args, { timeout: 5_000 })).stdout);
  } catch (error) {
    areThere = !(error instanceof Error && 'code' in error && error.code === 'ENOENT');
    return {};
  }
};

/** A line is a card, with memory in MiB and power in watts; what a card does not tell is no number. */
export const gpuMetrics = (said: string): Record<string, number> => {
  const metrics: Record<string, number> = {};
  for (const [card, line] of said.trim().split('\n').entries()) {
    const [utilization = NaN, used = NaN, total = NaN, watts = NaN, limit = NaN] = line.split(',').map((field) => Number.parseFloat(field));
    const found = {
      utilization_percentage: utilization,
      memory_usage_megabytes: used * 1.048576,
      memory_usage_percentage: (used / total) * 100,
      power_usage_watts: watts,
      power_usage_percentage: (watts / limit) * 100,
    };
    for (const [name, value] of Object.entries(found)) if (Number.isFinite(value)) metrics[`gpu_${card}_${name}`] = rounded(value);
  }
  return metrics;
};
const rounded = (value: number): number => Math.round(value * 100) / 100;
