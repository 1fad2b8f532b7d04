import type { Deployment, WindowResult } from '@boucle/contract';
import { feedbackStore } from '../feedback-store.ts';
import type { Reference } from '../columns/column-reference.ts';
import type { PartForm } from '../columns/part-counts.ts';
import { judgeWindow } from '../judge/judge-window.ts';
import type { WindowFacts } from '../judge/window-facts.ts';
import { learn, type Learned } from '../reference/learn.ts';
import { countLabels } from './label-counts.ts';
import type { ModelReferences } from './model-references.ts';
import { type MonitorState, monitorStore } from './monitor-store.ts';
import { Moved } from './reading.ts';
import { type Declared, policyOf, type Shape, type WatchParts } from './watched.ts';
import { newsOf, scoresOf, summarise } from './window-news.ts';
import { type OpenWindow, windowStore } from './window-store.ts';

/** Windows with too few rows join the next one as far back as this. */
const mostCarried = 200;
const carriedMs = 7 * 86_400_000;

/** Judges a window in a process of its own, and writes the verdict, what is told of it, and what was learned from it at once. */
export const createJudging = (
  { db, events, clock, child, source }: Pick<WatchParts, 'db' | 'events' | 'clock' | 'child' | 'source'>,
  declared: () => Declared,
  { shape, models }: { shape: Shape; models: ModelReferences },
) => {
  const referencesFor = async (parts: readonly PartForm[]): Promise<Record<string, Reference>> => {
    const versions = new Set(parts.flatMap(({ modelVersionId }) => modelVersionId ?? []));
    return Object.fromEntries(await Promise.all([...versions].map(async (id) => [id, await models.toJudge(id)] as const)));
  };
  const factsOf = async (state: MonitorState, window: OpenWindow, before: WindowResult | null): Promise<WindowFacts> => {
    const { project, monitor } = declared();
    const store = windowStore(db.read);
    const parts = await store.parts(window.id);
    const [from, to] = [new Date(window.from).toISOString(), new Date(window.to).toISOString()];
    const carriedWindows = (await store.carriedBefore(state.id, window.from, mostCarried)).filter(
      (one) => one.from >= window.from - carriedMs,
    );
    const carried = await Promise.all(carriedWindows.map(({ id }) => store.parts(id)));
    const labels = await countLabels(feedbackStore(db.read, project).labelled(monitor.endpoint, from, to), shape.slices, parts);
    // Where only labels came, the rows have their verdict; and where what was counted is forgotten, there is no other.
    const isUnchanged = before !== null && (window.revision === window.judgedRevision || parts.length === 0);
    return { from, to, version: window.version + 1, parts, carried, labels, before: isUnchanged ? before : null };
  };

  /** References to come out of first windows; none where all columns have theirs. */
  const learnFrom = async (parts: readonly PartForm[]): Promise<Map<string, Learned>> => {
    const lessons = new Map<string, Learned>();
    for (const part of parts.filter(({ slice }) => slice === null)) {
      if (part.modelVersionId === null) continue;
      const { given, learned } = await models.learnedOf(part.modelVersionId);
      const before = lessons.get(part.modelVersionId) ?? learned;
      const after = learn(before, given, [part]);
      if (JSON.stringify(after) !== JSON.stringify(before)) lessons.set(part.modelVersionId, after);
    }
    return lessons;
  };

  return async (state: MonitorState, window: OpenWindow): Promise<MonitorState> => {
    const { project, monitor } = declared();
    const { name, endpoint } = monitor;
    const before = window.version === 0 ? null : ((await windowStore(db.read).result(window.id, window.version)) ?? null);
    const facts = await factsOf(state, window, before);
    const references = await referencesFor([...facts.parts, ...facts.carried.flat()]);
    const asked = { window: facts, references, policy: policyOf(declared()) };
    // Silence is judged at once: it takes no time, and a process would.
    const isSilent = [facts.parts, facts.labels, ...facts.carried].every((some) => some.length === 0);
    const { result, isCarried } = isSilent ? judgeWindow(facts, references, asked.policy) : await child.call('judge', asked);
    const lessons = window.version === 0 ? await learnFrom(facts.parts) : new Map<string, Learned>();
    const deployment: Deployment | null = (await source.endpointOf(project, endpoint))?.deployment ?? null;
    const [was, is] = [scoresOf(before), scoresOf(result)];
    const estimates = {
      scored: state.estimates.scored - was.scored + is.scored,
      heldUp: state.estimates.heldUp - was.heldUp + is.heldUp,
      errorSum: state.estimates.errorSum - was.errorSum + is.errorSum,
    };
    const next = { ...state, estimates };
    await db.write(async (tx) => {
      if (!(await monitorStore(tx).advance(state, next))) throw new Moved();
      await windowStore(tx).judged(window, { isCarried, summary: summarise(result), result, now: clock.now() });
      for (const [modelVersionId, learned] of lessons)
        await monitorStore(tx).keepLearned(state.id, modelVersionId, JSON.stringify(learned));
      const about = { monitor: name, endpoint, windowId: window.id, version: facts.version, from: facts.from, to: facts.to };
      for (const news of newsOf(about, result, before))
        await events.record(tx, {
          ...news,
          project,
          subject: { type: 'monitor', id: name },
          actor: 'system',
          correlationId: deployment?.correlationId ?? null,
        });
    });
    for (const [modelVersionId, learned] of lessons) await models.hasLearned(modelVersionId, learned);
    return next;
  };
};
