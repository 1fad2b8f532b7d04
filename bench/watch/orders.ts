import type { Prediction } from '@boucle/contract';
import { createRandom, normalQuantile, type Random } from '@boucle/statistics';

export const began = Date.parse('2026-01-01T00:00:00.000Z');
export const windowMs = 3_600_000;
export const endpointId = 'e'.repeat(32);
export const modelVersionId = '1'.repeat(32);
export const deploymentId = 'd'.repeat(32);
export const columns = ['amount', 'items', 'region', 'note', 'prediction', 'confidence'];
/** Every so many predictions one has its label. */
export const labelledEvery = 10;

export interface Order {
  readonly inputs: { readonly amount: number; readonly items: number; readonly region: string; readonly note: string };
  readonly label: string;
  readonly score: number;
  readonly actual: string;
}
const normal = (random: Random): number => normalQuantile(random.uniform() + 2 ** -54);
/** The lower the more frequent. */
const rank = (random: Random, below: number): number => Math.floor(below ** random.uniform()) - 1;

const orderOf = (random: Random, shift: number): Order => {
  const score = 0.5 + 0.5 * random.uniform() ** 0.5;
  const label = random.uniform() < 0.3 ? 'late' : 'in time';
  const isRight = random.uniform() < score;
  const words = 4 + random.integer(8);
  return {
    inputs: {
      amount: Math.round(100 * Math.exp(3 + normal(random) + shift)) / 100,
      items: 1 + Math.floor(Math.abs(2 * normal(random))),
      region: `r${rank(random, 40)}`,
      note: Array.from({ length: words }, () => `word${rank(random, 4000)}`).join(' '),
    },
    label,
    score,
    actual: isRight ? label : label === 'late' ? 'in time' : 'late',
  };
};

/** The same orders whenever they are asked for. */
export function* ordersOf({ seed, count, shift }: { seed: number; count: number; shift: number }): Generator<Order> {
  const random = createRandom(seed);
  for (let i = 0; i < count; i++) yield orderOf(random, shift);
}
/** What the model was trained and evaluated on, and what is asked afterwards: the amounts have grown a little. */
export const trainingOrders = { seed: 1, count: 20_000, shift: 0 };
export const askedOrders = (count: number) => ({ seed: 2, count, shift: 0.15 });

export const latencyOf = (number: number): number => 1 + ((number * 7919) % 10_007) / 1000;
export const idOf = (number: number): string => `${number.toString(16).padStart(32, '0')}.0`;

export const recordOf = ({ inputs, label, score }: Order, number: number, count: number): Prediction => {
  const time = new Date(began + Math.floor((number / count) * (windowMs - 1000))).toISOString();
  const id = idOf(number);
  return {
    id,
    requestId: id.slice(0, -2),
    row: 0,
    clientId: null,
    project: 'airline',
    endpoint: 'orders',
    deploymentId,
    variant: 'main',
    share: 1,
    digest: `tree:${'1'.repeat(64)}`,
    shadowOf: null,
    unit: null,
    subject: null,
    inputs,
    outputs: { label, score },
    eventTime: time,
    arrivalTime: time,
    latencyMs: latencyOf(number),
    outcome: 'ok',
    status: 200,
    error: null,
    correlationId: null,
  };
};
