import { type CacheKeyParts, canonicalJson, type Why } from '@boucle/contract';
import type { StepRunRow } from './step-run-store.ts';

type Change = Why['changes'][number];

/** Each part of the key that differs, inputs and params one by one. */
export const changesBetween = (before: CacheKeyParts, now: CacheKeyParts): Change[] => {
  const flat = (parts: CacheKeyParts): Map<string, unknown> =>
    new Map(
      Object.entries(parts).flatMap(([part, value]): [string, unknown][] =>
        typeof value === 'string' ? [[part, value]] : Object.entries(value).map(([name, v]) => [`${part}.${name}`, v]),
      ),
    );
  const [was, is] = [flat(before), flat(now)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((part) => canonicalJson(was.get(part) ?? null) !== canonicalJson(is.get(part) ?? null))
    .map((part) => ({ part, before: was.get(part) ?? null, now: is.get(part) ?? null }));
};

interface Looked {
  readonly step: Pick<StepRunRow, 'id' | 'step' | 'status' | 'key_parts' | 'cached_from' | 'uncached_because'>;
  /** The newest earlier run of the same step that has a key. */
  readonly earlier: { readonly id: string; readonly parts: CacheKeyParts; readonly held: boolean } | undefined;
}

const text = (value: unknown): string => {
  const said = typeof value === 'string' ? value : JSON.stringify(value);
  return said.length > 60 ? `${said.slice(0, 28)}…${said.slice(-12)}` : said;
};

/** Why a step ran, or did not, in a sentence and in data. */
export const explain = ({ step, earlier }: Looked): Why => {
  const base = {
    stepRunId: step.id,
    status: step.status,
    parts: step.key_parts,
    comparedWith: earlier?.id ?? null,
    changes: [] as Change[],
  };
  if (step.status === 'cached') {
    return {
      ...base,
      verdict: 'cached',
      comparedWith: step.cached_from,
      sentence: `${step.step} did not run: nothing that it depends on has changed since step run ${step.cached_from}`,
    };
  }
  if (step.uncached_because === 'outputs_missing') {
    return {
      ...base,
      verdict: 'outputs_missing',
      sentence: `${step.step} ran again: its outputs were held, but are missing or damaged in the store`,
    };
  }
  if (step.uncached_because !== null || step.key_parts === null) {
    const reasons: Record<string, string> = {
      effect: 'it does something to the world, so it is carried out each time',
      never: 'its options say cache: never, or it has secrets',
      asked: 'this pipeline run was asked to use no cache',
    };
    return {
      ...base,
      verdict: 'uncached',
      sentence: `${step.step} ran: ${reasons[step.uncached_because ?? ''] ?? 'it has not come to its turn yet'}`,
    };
  }
  if (!earlier) return { ...base, verdict: 'first', sentence: `${step.step} ran: it never ran before in this project` };
  const changes = changesBetween(earlier.parts, step.key_parts);
  if (changes.length === 0) {
    return {
      ...base,
      verdict: 'same',
      sentence: `${step.step} ran: nothing changed, but the earlier run ${earlier.held ? 'had not ended yet' : 'left no outputs'}`,
    };
  }
  const said = changes.map(({ part, before, now }) => `${part} (${text(before)} → ${text(now)})`).join(', ');
  return { ...base, verdict: 'changed', changes, sentence: `${step.step} ran: ${said} changed since step run ${earlier.id}` };
};
