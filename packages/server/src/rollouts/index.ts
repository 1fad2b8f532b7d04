export type { RolloutParts } from './ports.ts';
export { createRollouts, type Rollouts } from './rollouts.ts';
