import type { Call } from './call.ts';
import type { Said } from './side.ts';

/** Two answers to one call that are not the same; `at` names the first place. */
export interface Difference {
  readonly call: Call;
  readonly at: string;
  readonly ours: Said;
  readonly theirs: Said;
}

/** What errors say is for people, and is not compared. */
export const differenceOf = (call: Call, ours: Said, theirs: Said): Difference | undefined => {
  const at = ours.status !== theirs.status || ours.code !== theirs.code ? 'status' : placeOf(ours.body, theirs.body, '');
  return at === undefined ? undefined : { call, at, ours, theirs };
};

const placeOf = (ours: unknown, theirs: unknown, at: string): string | undefined => {
  if (Object.is(ours, theirs) || (ours === 0 && theirs === 0)) return undefined;
  if (!isObject(ours) || !isObject(theirs) || Array.isArray(ours) !== Array.isArray(theirs)) return at || 'body';
  const keys = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
  for (const key of keys) {
    const inner = placeOf(ours[key], theirs[key], Array.isArray(ours) ? `${at}[]` : `${at}.${key}`);
    if (inner !== undefined) return inner;
  }
  return undefined;
};
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Differences of one kind have one of these. */
export const kindOf = ({ call, at, ours, theirs }: Difference): string =>
  [
    `${call.method} ${call.path.replace(/«[^»]+»/g, '…').replace(/(artifacts\/artifacts)\/.*/, '$1/…')}`,
    call.fault ?? 'proper',
    at === 'status' ? `${ours.status} ${ours.code ?? ''} and not ${theirs.status} ${theirs.code ?? ''}` : at,
  ].join('; ');
