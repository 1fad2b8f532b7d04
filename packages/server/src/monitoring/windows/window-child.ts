import { judgeWindow } from '../judge/judge-window.ts';
import type { Judgement, Policy, References, WindowFacts } from '../judge/window-facts.ts';
import type { ReferenceFiles } from '../reference/build-reference.ts';
import type { ChildCaller } from '../../platform/processes/index.ts';
import { serveChild } from '../../platform/processes/serve-child.ts';

/** What takes longer than serving may be held up: reading tables, and comparing by exchanging rows. */
export const handlers = serveChild({
  // The engine that reads tables takes a moment to load, and judging does without.
  reference: async (files: ReferenceFiles) => (await import('../reference/build-reference.ts')).buildReference(files),
  judge: async ({ window, references, policy }: { window: WindowFacts; references: References; policy: Policy }): Promise<Judgement> =>
    judgeWindow(window, references, policy),
});
export type WindowChild = ChildCaller<typeof handlers>;
