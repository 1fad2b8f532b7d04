import { durationMs, falseAlarmsPerMs, type RetrainPolicy } from '@boucle/contract';

/** What is known when a retraining is asked for. */
export interface GuardFacts {
  /** Another retraining with the same pipeline. */
  readonly inFlight: string | null;
  /** A version that is on its way to the endpoint. */
  readonly rollout: string | null;
  /** Faults in the data of the monitor's last window. */
  readonly faults: string | null;
  /** When earlier ones of this pipeline began, newest first. */
  readonly started: readonly Date[];
  /** Labelled rows that can be learned from. */
  readonly labelled: number;
  readonly quarantined: number;
  /** A person asked for it. */
  readonly byHand: boolean;
}
export type Guarded = { readonly go: true } | { readonly go: false; readonly reason: string; readonly message: string };

const fewestUnlessSaid = 1;

/** Whether a retraining may begin; else the first thing that is in its way, and what can be done. */
export const guard = (facts: GuardFacts, policy: RetrainPolicy, now: Date): Guarded => {
  const refuse = (reason: string, message: string): Guarded => ({ go: false, reason, message });
  const { inFlight, rollout, faults, started, labelled, byHand } = facts;
  if (inFlight !== null) return refuse('in_flight', `Retraining ${inFlight} with ${policy.pipeline} is under way: its version comes first`);
  if (rollout !== null) return refuse('rollout_active', `Rollout ${rollout} has not ended: a newer version waits until it is decided`);
  if (faults !== null)
    return refuse(
      'bad_data',
      `The data of the last window have faults, and learning from them would keep them: ${faults}. Mend the source first`,
    );

  const [last] = started;
  if (policy.cooldown !== undefined && last && !byHand) {
    const until = new Date(last.getTime() + durationMs(policy.cooldown));
    if (now < until)
      return refuse('cooldown', `The last one began at ${last.toISOString()}: there is no other before ${until.toISOString()}`);
  }
  if (policy.budget !== undefined && !byHand) {
    const { most, periodMs } = budgetOf(policy.budget);
    const spent = started.filter((time) => now.getTime() - time.getTime() < periodMs).length;
    if (spent >= most)
      return refuse('budget_spent', `${spent} were begun in this time, and the budget is ${policy.budget}: raise it, or start one by hand`);
  }
  const fewest = policy.labels?.minimum ?? fewestUnlessSaid;
  if (policy.labels && labelled < fewest) {
    const held = facts.quarantined > 0 ? `, ${facts.quarantined} are in quarantine` : '';
    return refuse(
      'too_few_labels',
      `${labelled} labelled rows can be learned from${held}, and ${fewest} are asked for: give more feedback`,
    );
  }
  return { go: true };
};

/** `10 a month`: the same text as a rate of false alarms. */
const budgetOf = (text: string): { most: number; periodMs: number } => {
  const most = Number.parseFloat(text);
  return { most, periodMs: most === 0 ? Number.POSITIVE_INFINITY : most / falseAlarmsPerMs(text) };
};
