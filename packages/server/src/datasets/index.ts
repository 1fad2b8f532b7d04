export { createDatasets, type Datasets, type NewFile } from './datasets.ts';
