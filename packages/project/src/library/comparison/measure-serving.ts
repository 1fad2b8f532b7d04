import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ServingMeasure } from '@boucle/contract';
import type { LoadedModel } from '@boucle/models';

interface Given {
  readonly folder: string;
  readonly texts: readonly string[];
  /** How long single texts, and how long batches are asked for. */
  readonly seconds: number;
}

/** Loads a model as a server would, on one thread, and asks it until enough is known. */
const run = async ({ folder, texts, seconds }: Given): Promise<ServingMeasure> => {
  const { loadModel } = await import('@boucle/models');
  const nativeBefore = nativeLibraries();
  const memoryBefore = process.memoryUsage.rss();
  const began = performance.now();
  const model = await loadModel(folder);
  await model.predict({ text: [texts[0]!] });
  const loadSeconds = (performance.now() - began) / 1000;
  const latencySeconds = await latencyOf(model, { texts, seconds });
  const throughput = await throughputOf(model, { texts, seconds });
  const memoryBytes = process.memoryUsage.rss() - memoryBefore;
  const explanation = model.explain ? await explanationOf(model.explain, texts.slice(0, mostExplained)) : null;
  const measure = {
    package: await sizeOf(folder),
    loadSeconds,
    memoryBytes: Math.max(0, memoryBytes),
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    latencySeconds,
    ...throughput,
    nativeLibraries: [...nativeLibraries()].filter((library) => !nativeBefore.has(library)).sort(),
    explanation,
  };
  await model.close();
  return measure;
};
export const measurement = { url: import.meta.url, run };

interface Asked {
  readonly texts: readonly string[];
  readonly seconds: number;
}
const until = (seconds: number): (() => boolean) => {
  const end = performance.now() + seconds * 1000;
  return () => performance.now() < end;
};

/** One text at a time, each after the other. What the compiler learns in the first tenth is not counted. */
const latencyOf = async (model: LoadedModel, { texts, seconds }: Asked): Promise<ServingMeasure['latencySeconds']> => {
  let turn = 0;
  const ask = async (): Promise<number> => {
    const began = performance.now();
    await model.predict({ text: [texts[turn++ % texts.length]!] });
    return (performance.now() - began) / 1000;
  };
  for (const goesOn = until(seconds / 10); goesOn();) await ask();
  const taken: number[] = [];
  for (const goesOn = until(seconds); goesOn() || taken.length === 0;) taken.push(await ask());
  taken.sort((a, b) => a - b);
  const at = (share: number): number => taken[Math.min(taken.length - 1, Math.floor(share * taken.length))]!;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), requests: taken.length };
};

const batch = 32;
const throughputOf = async (
  model: LoadedModel,
  { texts, seconds }: Asked,
): Promise<Pick<ServingMeasure, 'textsPerSecond' | 'cpuSecondsPerThousand'>> => {
  let answered = 0;
  const before = process.cpuUsage();
  const began = performance.now();
  for (const goesOn = until(seconds); goesOn() || answered === 0; answered += batch) {
    await model.predict({ text: Array.from({ length: batch }, (_, i) => texts[(answered + i) % texts.length]!) });
  }
  const { user, system } = process.cpuUsage(before);
  return {
    textsPerSecond: answered / ((performance.now() - began) / 1000),
    cpuSecondsPerThousand: ((user + system) / 1e6 / answered) * 1000,
  };
};

const mostExplained = 50;
const explanationOf = async (
  explain: NonNullable<LoadedModel['explain']>,
  texts: readonly string[],
): Promise<ServingMeasure['explanation']> => {
  const began = performance.now();
  const found = await explain({ text: [...texts] });
  const secondsEach = (performance.now() - began) / 1000 / texts.length;
  // Where the output is that of an empty input, there is nothing to explain.
  const shares = found.map(({ output, baseline, gap }) => (output === baseline ? 1 : Math.max(0, 1 - Math.abs(gap / (output - baseline)))));
  const explained = shares.reduce((a, b) => a + b, 0) / shares.length;
  return { texts: texts.length, explained, leastExplained: Math.min(...shares), secondsEach };
};

const sizeOf = async (folder: string): Promise<ServingMeasure['package']> => {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size));
  return { files: files.length, bytes: sizes.reduce((a, b) => a + b, 0) };
};

/** Compiled code from packages; that of the system and of Node is there for any model. */
const nativeLibraries = (): Set<string> => {
  const { sharedObjects } = process.report.getReport() as { sharedObjects: string[] };
  return new Set(sharedObjects.filter((file) => file.includes('node_modules')).map((file) => basename(file)));
};
