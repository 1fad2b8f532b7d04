export type { NewRows, Prepared } from './datasets.ts';
export { createDatasets, type Datasets, type NewFile } from './datasets.ts';
