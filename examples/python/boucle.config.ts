import {
  Type,
  defineCommand,
  defineDataset,
  defineEndpoint,
  definePipeline,
  defineProject,
  table,
  value,
  withDefault,
} from '@boucle/project';

const columns = {
  distance_km: Type.Number(),
  weight_kg: Type.Number(),
  rain_mm: Type.Number(),
  express: Type.Boolean(),
  late: Type.Boolean(),
};

const deliveries = defineDataset('deliveries', {
  source: 'deliveries.csv',
  key: ['parcel'],
  columns: { parcel: Type.String(), ...columns },
});

/** All that Boucle knows of the training: its program, what it reads, and what has to be installed for it. */
const train = defineCommand('train', {
  command: ['python', 'train.py', '--rows', '{rows}', '--strength', '{strength}', '--report', '{report}'],
  reads: ['train.py'],
  python: { lock: 'requirements.txt' },
  inputs: { rows: table(columns) },
  params: { strength: Type.Number() },
  outputs: { report: value(Type.Object({ rows: Type.Integer(), accuracy: Type.Number(), version: Type.Integer() })) },
});

const training = definePipeline(
  'training',
  { inputs: { deliveries }, params: { strength: withDefault(Type.Number(), 1) } },
  ({ deliveries, strength }) => train({ rows: deliveries, strength }),
);

const endpoint = defineEndpoint('deliveries', { model: 'deliveries@champion', environment: 'development' });

export default defineProject('deliveries', {
  problem: 'Whether a parcel comes late, told when it is handed in',
  owners: [],
  risk: 'minimal',
  kpis: {},
  datasets: [deliveries],
  pipelines: [training],
  endpoints: [endpoint],
  monitors: [],
});
