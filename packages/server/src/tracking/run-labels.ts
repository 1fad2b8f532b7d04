import { invalid, notFound } from '@boucle/contract';
import type { Actor, ProjectRef } from '../governance/index.ts';
import type { Db, Tx } from '../platform/index.ts';
import { factsStore, type FiledRun } from './facts-store.ts';
import { withItem } from './list-in-tag.ts';
import { checkTags, type Texts } from './logged.ts';
import { fromTags, parentRunTag, runNameTag } from './reserved-tags.ts';
import { runStore } from './run-store.ts';
import { requireThere } from './standing.ts';

/** Labels, not evidence: a run that has ended takes them too. */
export const createRunLabels = ({ db }: { db: Db }) => ({
  setTags: async (actor: Actor, id: string, tags: Texts): Promise<void> => {
    checkTags(tags);
    await db.write(async (tx) => setTags(tx, actor.project, await requireThere(tx, actor.project, id), tags));
  },
  removeTag: (actor: Actor, id: string, key: string): Promise<void> =>
    db.write(async (tx) => {
      await requireThere(tx, actor.project, id);
      if (key === runNameTag) throw invalid(`The tag ${runNameTag} is the name of the run, which it keeps: set another`, 'tag_reserved');
      const isRemoved = (key === parentRunTag && (await runStore(tx).leaveParent(id))) || (await factsStore(tx).removeTag(id, key));
      if (!isRemoved) throw notFound('tag', key);
    }),
  /** A tag that is a list in JSON gets one more; one that is there already is not added again. */
  appendToTag: (actor: Actor, id: string, key: string, item: unknown): Promise<void> =>
    db.write(async (tx) => {
      // Others that append wait, so that none is lost.
      await runStore(tx).hold(id);
      const run = await requireThere(tx, actor.project, id);
      const before = await factsStore(tx).tag(id, key);
      const value = withItem(before, item);
      if (value !== before) await factsStore(tx).setTags(run, { [key]: value });
    }),
});

/** Tags that stand for the name or the parent change these. */
export const setTags = async (tx: Tx, project: ProjectRef, run: FiledRun, given: Texts): Promise<void> => {
  const { name, parent, tags } = fromTags(given);
  if (Object.keys(tags).length > 0) await factsStore(tx).setTags(run, tags);
  if (name !== undefined) await runStore(tx).change(run.id, { name });
  if (parent !== undefined) await setParent(tx, project, run, parent);
};

/** A parent that is a run of the project is kept as that; any other text stays a tag. */
const setParent = async (tx: Tx, project: ProjectRef, run: FiledRun, parent: string): Promise<void> => {
  const isOurs = parent !== run.id && (await runStore(tx).statusOf(project, parent)) !== undefined;
  await runStore(tx).change(run.id, { parentRunId: isOurs ? parent : null });
  if (isOurs) await factsStore(tx).removeTag(run.id, parentRunTag);
  else await factsStore(tx).setTags(run, { [parentRunTag]: parent });
};
