import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { invalid } from '@boucle/contract';
import { type BertConfig, readBertConfig } from './config.ts';
import { fetchCheckpoint, type HubHooks, type HubSource } from './hub.ts';
import { type EncoderWeights, readEncoderWeights } from './read-weights.ts';
import { type BertTokenizer, createBertTokenizer } from './tokenizer.ts';
import { readVocabulary, wordPieceFiles, wordPieceSettings } from './word-piece.ts';

/** A folder with `config.json`, `model.safetensors` and `tokenizer.json` or `vocab.txt`; or where to fetch one. */
export type CheckpointSource = string | HubSource;

export interface Checkpoint {
  readonly folder: string;
  readonly config: BertConfig;
  readonly tokenizer: BertTokenizer;
  readonly readWeights: () => Promise<EncoderWeights>;
}

/** Opens a Hugging Face checkpoint of the BERT architecture; its weights are read when they are asked for. */
export const openCheckpoint = async (source: CheckpointSource, hooks: HubHooks = {}): Promise<Checkpoint> => {
  const folder = typeof source === 'string' ? source : await fetchCheckpoint(source, hooks);
  const config = readBertConfig(await readJson(folder, 'config.json'));
  const tokenizer = await openTokenizer(folder);
  if (tokenizer.vocabularySize > config.vocabularySize) {
    throw invalid(
      `The tokeniser has ids up to ${tokenizer.vocabularySize - 1}, and the model's vocab_size is ${config.vocabularySize}; they are not of the same model`,
      'unsupported_tokenizer',
    );
  }
  return { folder, config, tokenizer, readWeights: async () => readEncoderWeights(await pathOf(folder, 'model.safetensors'), config) };
};

const openTokenizer = async (folder: string): Promise<BertTokenizer> => {
  const settings = (await isThere(join(folder, 'tokenizer_config.json'))) ? await readJson(folder, 'tokenizer_config.json') : {};
  if (await isThere(join(folder, 'tokenizer.json')))
    return createBertTokenizer({ tokenizer: await readJson(folder, 'tokenizer.json'), settings });
  const vocabulary = readVocabulary(await readText(folder, 'vocab.txt'));
  return createBertTokenizer(wordPieceFiles(vocabulary, wordPieceSettings(settings)));
};

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

const needed: Readonly<Record<string, string>> = {
  'vocab.txt': 'it needs tokenizer.json or vocab.txt',
  'model.safetensors': 'weights in other formats are converted with save_pretrained(safe_serialization=True) of transformers',
};
const pathOf = async (folder: string, name: string): Promise<string> => {
  const path = join(folder, name);
  if (await isThere(path)) return path;
  throw invalid(`The checkpoint ${folder} has no ${name}${needed[name] ? `; ${needed[name]}` : ''}`, 'incomplete_checkpoint', { name });
};

const maxTextBytes = 256 << 20;
const readText = async (folder: string, name: string): Promise<string> => {
  const path = await pathOf(folder, name);
  const { size } = await lstat(path);
  if (size > maxTextBytes) throw invalid(`${path} has ${size} bytes, more than ${maxTextBytes}`, 'damaged_checkpoint', { path });
  return readFile(path, 'utf8');
};

const readJson = async (folder: string, name: string): Promise<unknown> => {
  try {
    return JSON.parse(await readText(folder, name)) as unknown;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw invalid(`${join(folder, name)} is not JSON; fetch it again`, 'damaged_checkpoint', { name });
  }
};
