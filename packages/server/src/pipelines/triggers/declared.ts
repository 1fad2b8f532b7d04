import { canonicalJson, type Plan, type Trigger } from '@boucle/contract';

/** A trigger of a plan under the name by which it is fired, listed, and told as what started a run. */
export interface DeclaredTrigger {
  readonly pipeline: string;
  readonly name: string;
  readonly trigger: Trigger;
  /** The same text is the same trigger. */
  readonly spec: string;
}

/** A webhook has a name of its own; others are called for their pipeline. */
export const triggersOf = ({ pipeline, on }: Plan): DeclaredTrigger[] => {
  const counts = new Map<string, number>();
  const numbered = (name: string): string => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count === 1 ? name : `${name}-${count}`;
  };
  const nameOf = (trigger: Trigger): string => {
    if ('webhook' in trigger) return trigger.webhook;
    return numbered('schedule' in trigger ? `${pipeline}-schedule` : `${pipeline}-on-${trigger.newVersionOf}`);
  };
  return on.map((trigger) => ({ pipeline, name: nameOf(trigger), trigger, spec: canonicalJson(trigger) }));
};

/** Schedules without a zone are in UTC. */
export const zoneOf = ({ zone = 'UTC' }: { readonly zone?: string }): string => zone;
