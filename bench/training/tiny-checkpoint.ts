import { mkdir } from 'node:fs/promises';
import { writeTinyCheckpoint } from '../../packages/models/src/bert/testing/tiny-checkpoint.ts';

/** Writes the checkpoint of the unit tests into a folder, for `bert_golden.py`. */
const folder = process.argv[2]!;
await mkdir(folder, { recursive: true });
await writeTinyCheckpoint(folder);
