import { existsSync } from 'node:fs';
import path from 'node:path';
import { compare, type Contender, type Figures } from '../ground/compare.ts';
import { inScratch } from '../ground/scratch.ts';
import { runOurs, runPeer } from '../training/peer.ts';
import { writeSynthetic } from '../trees/tables.ts';

const variable = 'ADULT_CSV';
const rows = 1_000_000;
/** Rounds, leaves and rate of either side; all else is each one's default, which are the same. */
const settings = ['100', '31', '0.1'];

/** Gradient-boosted trees: time from columns to forest, memory of the process, and how well rows that were held out are ranked. */
export const trees = (): Promise<void> =>
  inScratch(async (folder) => {
    const adult = path.resolve(process.env[variable] ?? 'adult.csv');
    if (!existsSync(adult)) throw new Error(`There is no ${adult}: name the file of the census income table in ${variable}`);
    console.log(
      `${settings[0]} rounds, ${settings[1]} leaves, rate ${settings[2]}, 255 bins; a fifth of the rows held out for the area under the curve.\n`,
    );
    console.log('adult.csv: 26,048 rows, 6 numbers, 8 categories');
    await compare(contenders('adult', adult), 3);

    const synthetic = path.join(folder, 'table.bin');
    writeSynthetic(synthetic, rows);
    console.log(`\n${rows.toLocaleString('en')} made-up rows, 28 numbers`);
    await compare(contenders('synthetic', synthetic), 2);
  });

const contenders = (kind: string, file: string): Contender[] => {
  const args = [kind, file, ...settings];
  const peer = (threads: number): Contender => ({
    name: `LightGBM, ${threads} thread${threads > 1 ? 's' : ''}`,
    measure: () => runPeer<Figures>('trees.py', args, { threads }),
  });
  return [{ name: 'Boucle, 1 thread', measure: () => runOurs<Figures>('grow-trees', args) }, peer(2), peer(1)];
};
