import { type AlarmBudget, falseAlarmsPerMs } from '@boucle/contract';
import { mergeParts, type PartForm } from '../columns/part-counts.ts';
import { emptyReference } from '../columns/column-reference.ts';
import { judgeDrift } from './judge-drift.ts';
import { judgeKpis, trafficOf } from './judge-kpis.ts';
import { estimateWithoutLabels, judgePerformance } from './judge-performance.ts';
import { judgeQuality } from './judge-quality.ts';
import { fewRows, isSamePart, isWhole, type Judgement, type Policy, type References, type WindowFacts } from './window-facts.ts';

/** More than this is no alarm level, however long a window is. */
const mostAlpha = 0.2;

/** All that is to be said of a window, from what was counted in it: pure, so that the same counts always have the same verdict. */
export const judgeWindow = (window: WindowFacts, references: References, policy: Policy): Judgement => {
  const { parts, labels, carried, before } = window;
  const joined = joinParts([...carried, parts], references);
  const rows = joined.filter(isWhole).reduce((sum, part) => sum + part.rows, 0);
  const isCarried = rows < fewRows;
  const budget = policy.drift && budgetOf(window, policy.drift, isCarried);
  const quality = before?.quality ?? judgeQuality(joined, references, policy.quality);
  const performance = judgePerformance(parts, labels);
  const tooFew = isCarried ? `only ${rows} rows came, ${fewRows} are needed for a verdict; they count with the next window` : null;
  const kept = before?.columns ?? null;
  const columns =
    policy.drift && budget ? judgeDrift({ parts: joined, references, quality, labels, policy: policy.drift, budget, tooFew, kept }) : [];
  const comparisons = columns.filter(({ mode, pValue }) => mode === 'live' && pValue !== null).length;
  return {
    isCarried,
    result: {
      budget: budget && { ...budget, comparisons },
      quality,
      columns,
      performance,
      estimates: estimateWithoutLabels(parts, references, performance),
      kpis: judgeKpis(policy.kpis, parts, labels),
      traffic: before?.traffic ?? trafficOf(parts),
    },
  };
};

/** The same parts of several windows as one. */
const joinParts = (windows: readonly (readonly PartForm[])[], references: References): PartForm[] => {
  const joined: PartForm[] = [];
  for (const part of windows.flat()) {
    const place = joined.findIndex((one) => isSamePart(one, part));
    if (place === -1) joined.push(part);
    else joined[place] = mergeParts(joined[place]!, part, references[part.modelVersionId ?? ''] ?? emptyReference);
  }
  return joined;
};

const firstPart = 0.9;
/**
 * What the window may spend: its length's part of the false alarms, and that of the windows whose rows it took over. Versions after the first
 * look at the same rows again, so all versions together share it: 0.9 for the first, and of the rest 1/2, 1/6, 1/12 and so on.
 */
const budgetOf = (
  { from, to, version, carried }: WindowFacts,
  { falseAlarms }: { falseAlarms: string },
  isCarried: boolean,
): AlarmBudget => {
  const lengthMs = (Date.parse(to) - Date.parse(from)) * (1 + carried.length);
  const share = Math.min(mostAlpha, falseAlarmsPerMs(falseAlarms) * lengthMs);
  const alpha = version === 1 ? firstPart * share : ((1 - firstPart) * share) / ((version - 1) * version);
  const joined = carried.length;
  const windows = joined === 0 ? 'this window' : `this window and the ${joined} before it that had too few rows`;
  const sentence = isCarried
    ? 'Too few rows for a verdict: rows and budget go to the next window'
    : `${falseAlarms} allows ${share.toPrecision(2)} false alarms in ${windows}; version ${version} spends ${alpha.toPrecision(2)} of it`;
  return { falseAlarms, alpha, comparisons: 0, joined, sentence };
};
