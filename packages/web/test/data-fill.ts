import path from 'node:path';
import {
  addExamples,
  applyProject,
  endOf,
  examples,
  project,
  runPipeline,
  startPipeline,
  writeProject,
} from '@boucle/server/testing/small-project';
import type { Client } from '@boucle/sdk';
import type { Real } from './real-visit.ts';

export { project };
const params = { project };
export const empty = 'nothing-yet';

/** Everything that a name or a cell may hold and a page must not trip over. */
export const hostileColumn = `<img src=x onerror="window.hacked=1"> \u202Ereversed مرحبا 🚀 ${'w'.repeat(150)}`;
const hostileCell = `<script>window.hacked=1</script> \u202E🚀 ${'long '.repeat(4000)}`;

const stepFile = (id: string, body: string): string => `import { Type, defineStep, value } from '@boucle/project';
export const ${id} = defineStep(import.meta, '${id}', {
  params: {},
  outputs: { answer: value(Type.Number()) },
  run: async (_, { out, log, signal }) => {
    ${body}
  },
});
`;

export interface Filled {
  readonly first: string;
  readonly again: string;
  readonly failed: string;
}

/** A dataset in three versions, one whose names and cells are hostile, pipelines that train, fail, wait and are due, and a project with nothing. */
export const fill = async ({ client }: Real, folder: string): Promise<Filled> => {
  const home = path.join(folder, 'project');
  await writeProject(home, {
    imports: `import { expect } from '@boucle/project';
import { fails } from './steps/fails.ts';
import { waits } from './steps/waits.ts';`,
    datasets: {
      people: `{ source: 'people.csv', key: ['id'], columns: { id: Type.Integer(), name: Type.String(), age: Type.Optional(Type.Integer()) },
        expect: [expect.between('age', { min: 0, max: 120 }), expect.notNull('age', { mostly: 0.5 }), expect.unique('id')] }`,
    },
    pipelines: {
      nightly: `{ inputs: { examples }, params: { seed: withDefault(Type.Integer(), 7), note: withDefault(Type.String(), '') }, on: [{ schedule: '0 6 * * *' }, { webhook: 'from-outside' }] },
        ({ examples, seed }) => { split({ data: examples, seed }); }`,
      breaking: `{ inputs: {} }, () => { fails({}); }`,
      waiting: `{ inputs: {} }, () => { waits({}); }`,
    },
    files: {
      'steps/fails.ts': stepFile(
        'fails',
        `for (let i = 0; i < 200; i++) log('reading part ' + i);
    log('ValueError: part 200 is not what it should be');
    for (let i = 0; i < 40; i++) log('cleaning up ' + i);
    throw new Error('part 200 cannot be read');`,
      ),
      'steps/waits.ts': stepFile(
        'waits',
        `log('waiting');
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    out.answer.set(1);`,
      ),
    },
  });
  await patiently(() => applyProject(client, home));
  await client.projects.create({ body: { name: empty } });
  await patiently(() => addExamples(client, examples(120)));
  await addPeople(client);
  const first = await trained(client);
  await patiently(() => addExamples(client, examples(120)));
  const again = await trained(client);
  const { id: failed } = await patiently(async () => endOf(client, await startPipeline(client, 'breaking')));
  return { first, again, failed };
};

const trained = (client: Client): Promise<string> =>
  patiently(async () => {
    const { id, status, steps } = await runPipeline(client, 'training');
    if (status !== 'succeeded') throw new Error(JSON.stringify(steps.map(({ failure }) => failure)));
    return id;
  });

const addPeople = async (client: Client): Promise<void> => {
  const add = (dataset: string, data: string, options = {}) =>
    patiently(() => client.datasets.versions.create({ params: { ...params, dataset }, query: { options: JSON.stringify(options) }, data }));
  await add('people', 'id,name,age\n1,Ada,36\n2,Grace,85\n3,Alan,41\n');
  await add('people', 'id,name,age\n1,Ada,37\n3,Alan,41\n4,Edsger,172\n5,Barbara,\n');
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  await add('hostile', `${quoted(hostileColumn)},n\n${quoted(hostileCell)},1\n\u202Eabc,2\n`);
};

/** On a machine with too much to do a child may be given up before it began: it is asked for once more. What is done is kept. */
const patiently = async <T>(work: () => Promise<T>): Promise<T> => {
  for (let left = 8; ; left--)
    try {
      return await work();
    } catch (error) {
      if (left === 0 || !/not ready within|child_not_started/.test(String(error))) throw error;
    }
};
