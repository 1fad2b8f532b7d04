import { cp, mkdir, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type DeclaredDataset, type PortSpec, invalid } from '@boucle/contract';
import { columnsOf } from '../columns.ts';
import { contentOf } from './step-spec.ts';

interface Input {
  readonly input: string;
  readonly port: PortSpec;
  /** The dataset that the input is, where it is one. */
  readonly dataset: DeclaredDataset | undefined;
}

/** Puts what a person names into an artifact's folder. A table may be a file in any format that is ingested. */
export const placeInput = async (path: string, folder: string, { input, port, dataset }: Input): Promise<void> => {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw invalid(`${path}, which is to be the input "${input}", is not there`, 'input_missing');
  const target = join(folder, contentOf[port.kind]);
  await mkdir(dirname(target), { recursive: true });
  if (found.isDirectory() && existsSync(join(path, 'manifest.json'))) return cp(path, folder, { recursive: true });
  if (port.kind !== 'table') return cp(path, target, { recursive: true });
  const { ingest, openTable } = await import('@boucle/data');
  const stored = await openTable(path).catch(() => undefined);
  if (stored) {
    await stored.close();
    return cp(path, target);
  }
  await ingest(
    path,
    target,
    dataset
      ? { key: dataset.key, declared: dataset }
      : { declared: { columns: columnsOf(port.schema).map(({ name, type }) => ({ name, type })) } },
  );
};
