import type { Matcher, Silence } from '@boucle/contract';

export type Span = Pick<Silence, 'from' | 'until'>;
/** What a silence is at a moment; its end is no part of it. */
export const statusAt = ({ from, until }: Span, now: Date): Silence['status'] =>
  now.getTime() < Date.parse(from) ? 'pending' : now.getTime() < Date.parse(until) ? 'active' : 'ended';

/** A label that is not there counts as empty, as it does for Alertmanager. */
export const matches = (matchers: readonly Matcher[], labels: Readonly<Record<string, string>>): boolean =>
  matchers.every(({ name, value, isEqual = true }) => ((Object.hasOwn(labels, name) ? labels[name] : '') === value) === isEqual);

export const isSilenced = (
  silences: readonly (Span & Pick<Silence, 'matchers'>)[],
  labels: Readonly<Record<string, string>>,
  now: Date,
): boolean => silences.some((silence) => statusAt(silence, now) === 'active' && matches(silence.matchers, labels));
