import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { ingest as ingestFile } from '@boucle/data';
import { createClient } from '@boucle/sdk';
import { toBody } from '../../packages/cli/src/sending.ts';
import { RowLedger } from '../../packages/data/src/identity/row-ledger.ts';
import { bigTable, bigTableColumns, writeBigCsv } from '../ground/big-table.ts';
import { compare, type Contender } from '../ground/compare.ts';
import { inScratch } from '../ground/scratch.ts';
import { startBoucle } from '../ground/servers.ts';

const rows = 200_000;

export const ingest = (): Promise<void> =>
  inScratch(async (folder) => {
    const csv = path.join(folder, 'big.csv');
    await writeBigCsv(csv, rows);
    const megabytes = (await stat(csv)).size / 1e6;
    console.log(`${rows} rows, ${megabytes.toFixed(1)} MB, ${bigTableColumns.length} columns, all types inferred\n`);
    await compare([overHttp(csv, megabytes), inProcess(csv, megabytes)], 3);
  });

const figuresOf = (seconds: number, megabytes: number) => ({
  'rows/s': rows / seconds,
  'MB/s': megabytes / seconds,
  'seconds in all': seconds,
});

const overHttp = (csv: string, megabytes: number): Contender => ({
  name: 'over HTTP',
  measure: () =>
    inScratch(async (folder) => {
      const server = await startBoucle(folder);
      try {
        const client = createClient({ baseUrl: server.url });
        await client.projects.create({ body: { name: 'bench' } });
        const began = performance.now();
        await client.datasets.versions.create({
          params: { project: 'bench', dataset: 'big' },
          query: {},
          data: toBody(createReadStream(csv)),
        });
        return figuresOf((performance.now() - began) / 1000, megabytes);
      } finally {
        await server.stop();
      }
    }),
});

/** The same work without a server; and of it, how long the identities and the digest take alone. */
const inProcess = (csv: string, megabytes: number): Contender => ({
  name: 'in process',
  measure: async () => {
    const target = `${csv}.parquet`;
    const began = performance.now();
    await ingestFile(csv, target);
    const seconds = (performance.now() - began) / 1000;
    await rm(target);
    const digesting = digestSeconds();
    return { ...figuresOf(seconds, megabytes), 'digest and identities (s)': digesting, 'their share (%)': (digesting / seconds) * 100 };
  },
});

const digestSeconds = (): number => {
  const table = [...bigTable(rows)];
  const ledger = new RowLedger(bigTableColumns);
  const began = performance.now();
  for (const cells of table) ledger.add(cells);
  for (const _ of ledger.ids());
  ledger.digest();
  return (performance.now() - began) / 1000;
};
