import type { LearningPoint } from '@boucle/contract';
import type { LabelledTexts } from '../rows.ts';

interface Given {
  readonly rows: LabelledTexts;
  readonly validation: LabelledTexts;
  /** Judged on these. */
  readonly judged: LabelledTexts;
  readonly options: Readonly<Record<string, unknown>>;
  readonly by: string;
  readonly of: string;
}

/** Trains once and says what it took: wall clock and CPU of the training alone, memory of the whole process. */
const run = async ({ rows, validation, judged, options, by, of }: Given): Promise<LearningPoint> => {
  const { trainTextClassifier } = await import('@boucle/models');
  const { evaluateTexts } = await import('./evaluate-texts.ts');
  const before = process.cpuUsage();
  const began = performance.now();
  const trained = await trainTextClassifier(rows, { ...options, validation } as unknown as Parameters<typeof trainTextClassifier>[1]);
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(before);
  // Kibibytes, on every system.
  const peakMemoryBytes = process.resourceUsage().maxRSS * 1024;
  const said = await trained.predict(judged.texts);
  const { quality } = evaluateTexts({ actual: judged.labels, predicted: said.map(({ label }) => label), labels: trained.labels, by, of });
  return { rows: rows.texts.length, quality, seconds, cpuSeconds: (user + system) / 1e6, peakMemoryBytes };
};
export const measurement = { url: import.meta.url, run };
