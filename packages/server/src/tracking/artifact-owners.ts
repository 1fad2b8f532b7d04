import { notFound } from '@boucle/contract';
import type { ProjectRef } from '../governance/index.ts';
import type { Tx } from '../platform/index.ts';
import type { ArtifactOwner } from './artifact-store.ts';
import { requireRunning } from './standing.ts';
import { runStore } from './run-store.ts';

/** Whether what its clients write may be added once it has ended. */
export interface Amending {
  readonly amend?: boolean;
}
/** What an owner says to those who want its files; each throws where it refuses. */
export interface OwnerRule {
  mayRead(tx: Tx, project: ProjectRef, id: string): Promise<void>;
  mayWrite(tx: Tx, project: ProjectRef, given: { readonly id: string } & Amending): Promise<void>;
}
export type OwnerRules = Partial<Record<'run' | 'model' | 'trace', OwnerRule>>;
export interface OwnerChecks {
  mayRead(tx: Tx, project: ProjectRef, owner: ArtifactOwner): Promise<void>;
  mayWrite(tx: Tx, project: ProjectRef, given: { readonly owner: ArtifactOwner } & Amending): Promise<void>;
}

/** Every owner lies in a project, and is looked for in the caller's alone. */
export const artifactOwners = (rules: OwnerRules): OwnerChecks => {
  const ruleOf = (owner: ArtifactOwner): { rule: OwnerRule; id: string } => {
    const [kind, id] = [owner.slice(0, owner.indexOf(':')), owner.slice(owner.indexOf(':') + 1)];
    const rule = kind === 'project' ? projectRule : rules[kind as keyof OwnerRules];
    if (!rule) throw notFound(kind, id);
    return { rule, id };
  };
  return {
    mayRead: async (tx, project, owner) => {
      const { rule, id } = ruleOf(owner);
      await rule.mayRead(tx, project, id);
    },
    mayWrite: async (tx, project, { owner, ...amending }) => {
      const { rule, id } = ruleOf(owner);
      await rule.mayWrite(tx, project, { id, ...amending });
    },
  };
};

const ownProject = (project: ProjectRef, id: string): void => {
  if (id !== project.id) throw notFound('project', id);
};
const projectRule: OwnerRule = {
  mayRead: async (_, project, id) => ownProject(project, id),
  mayWrite: async (_, project, { id }) => ownProject(project, id),
};

export const runOwner: OwnerRule = {
  mayRead: async (tx, project, id) => {
    if (!(await runStore(tx).statusOf(project, id))) throw notFound('run', id);
  },
  mayWrite: async (tx, project, { id, ...saying }) => {
    await requireRunning(tx, project, id, saying);
  },
};
