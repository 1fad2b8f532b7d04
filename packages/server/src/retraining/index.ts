export type { RetrainingParts } from './ports.ts';
export { createRetrainings, type Retrainings } from './retrainings.ts';
