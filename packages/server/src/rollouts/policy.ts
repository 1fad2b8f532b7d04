import {
  type ApprovalPolicy,
  type CanaryPolicy,
  type DeclaredEndpoint,
  durationMs,
  invalid,
  type Rollout,
  type RolloutMetric,
  type RolloutPolicy,
  type RolloutRequest,
} from '@boucle/contract';

/** Changed whenever the same evidence could lead to another verdict. */
export const codeVersion = 'rollout-decisions/1';
/** The grid and weights of `rampSafe`. */
const prior = '81 risks from .1 to 10, even in ln r; normal in ln r, deviation .8';
const defaults = {
  alpha: 0.05,
  margin: 0.5,
  goal: 'wrong',
  minEvents: 5,
  step: { for: '10m' },
  deadline: '7d',
  lateness: '1s',
  watch: { canary: '0s', ab: '0s', blue_green: '30m' },
} as const;

interface Asked {
  readonly kind: Rollout['kind'];
  readonly declared: Pick<DeclaredEndpoint, 'gates' | 'approvals' | 'shadow' | 'canary'> | undefined;
  readonly request: RolloutRequest;
  /** The version that answers now; null where nothing does. */
  readonly baseline: string | null;
  readonly seed: number;
}

/** All that decides, complete: the endpoint's declared policy, what was asked for instead, and what is said nowhere. */
export const policyOf = ({ kind, declared, request, baseline, seed }: Asked): RolloutPolicy => {
  // Without anything to compare with, nothing is compared.
  const canary = baseline === null ? null : canaryOf(kind, declared?.canary, request.canary);
  const shadow = baseline === null ? null : request.shadow === undefined ? (declared?.shadow ?? null) : request.shadow;
  const { alpha = defaults.alpha, margin = defaults.margin, goal = defaults.goal, minEvents = defaults.minEvents } = canary ?? {};
  const shares = kind === 'blue_green' ? [] : kind === 'ab' ? [canary?.shares?.[0] ?? 0.5] : (canary?.shares ?? []);
  if (canary) checkShares(shares);
  const { requests, for: lasts } = canary?.step ?? (defaults.step as NonNullable<CanaryPolicy['step']>);
  const latencyMargin = canary?.latencyMargin ?? null;
  const deadlineMs = durationMs(canary?.deadline ?? defaults.deadline);
  const isPaired = shadow !== null || kind === 'blue_green';
  return {
    gates: request.gates ?? declared?.gates ?? [],
    approvals: approvalsOf(request.approvals ?? declared?.approvals ?? 0),
    nullRisk: 1,
    alphaRollback: alpha,
    alphaPromote: alpha,
    margin,
    prior,
    metrics: metricsOf(alpha, { kind, goal, compares: shares.length > 0, hasLatency: latencyMargin !== null, isPaired }),
    schedule: shares.map((share) => ({
      share,
      requests: kind === 'ab' ? null : (requests ?? null),
      forMs: kind === 'ab' || lasts === undefined ? null : durationMs(lasts),
    })),
    maxExposure: shares.at(-1) ?? 0,
    minEvents,
    minUnits: request.minUnits ?? 0,
    holdAt: 1 / Math.sqrt(alpha),
    sampleRatioAlpha: 0.001,
    latencyMargin,
    shadow: shadow && { share: shadow.share, pairs: shadow.pairs, deadlineMs: shadow.deadline ? durationMs(shadow.deadline) : deadlineMs },
    ab: kind === 'ab' ? { difference: request.ab?.difference ?? 0.05, act: request.ab?.act ?? false } : null,
    latenessMs: durationMs(request.lateness ?? defaults.lateness),
    watchMs: baseline === null ? 0 : durationMs(request.watch ?? defaults.watch[kind]),
    deadlineMs,
    whenUndecided: 'baseline',
    rollbackTarget: baseline,
    unit: 'the unit that a request names, else the request',
    salt: `rollout-${seed}`,
    seed,
    codeVersion,
  };
};

const canaryOf = (
  kind: Rollout['kind'],
  declared: CanaryPolicy | undefined,
  asked: Partial<CanaryPolicy> | null | undefined,
): Partial<CanaryPolicy> | null => {
  if (asked === null) return kind === 'canary' ? null : {};
  if (asked !== undefined && kind === 'canary' && declared?.shares === undefined && asked.shares === undefined) {
    throw invalid('The endpoint declares no canary: say its shares, such as 0.05, 0.25, 0.5', 'no_shares');
  }
  if (asked === undefined && declared === undefined) return kind === 'canary' ? null : {};
  return { ...declared, ...asked };
};

const checkShares = (shares: readonly number[]): void => {
  if (shares.every((share, i) => i === 0 || share > shares[i - 1]!)) return;
  throw invalid(`The shares of a canary rise from one to the next, and ${shares.join(', ')} do not`, 'shares_out_of_order', {
    shares: [...shares],
  });
};

const approvalsOf = (policy: ApprovalPolicy): RolloutPolicy['approvals'] =>
  typeof policy === 'number' ? { count: policy, fourEyes: false } : { count: policy.count, fourEyes: policy.fourEyes ?? false };

interface Compared {
  readonly kind: Rollout['kind'];
  readonly goal: 'wrong' | 'errors';
  readonly compares: boolean;
  readonly hasLatency: boolean;
  readonly isPaired: boolean;
}
/** Each test gets its part of alpha, the goal twice that of a guardrail, so that all together roll back a healthy version at most so often. */
const metricsOf = (alpha: number, { kind, goal, compares, hasLatency, isPaired }: Compared): RolloutMetric[] => {
  const guardrail = (name: RolloutMetric['name'], how: RolloutMetric['kind']) => ({
    name,
    kind: how,
    role: 'guardrail' as const,
    weight: 1,
  });
  const metrics = [
    ...(compares ? [{ name: goal, kind: kind === 'ab' ? ('mean' as const) : ('event' as const), role: 'goal' as const, weight: 2 }] : []),
    ...(compares && goal !== 'errors' ? [guardrail('errors', 'event')] : []),
    ...(compares && hasLatency ? [guardrail('latency', 'quantile')] : []),
    ...(isPaired ? [guardrail('pairs', 'paired')] : []),
  ];
  const total = metrics.reduce((sum, { weight }) => sum + weight, 0);
  return metrics.map(({ weight, ...metric }) => ({ ...metric, direction: 'lower_is_better', alpha: (alpha * weight) / total }));
};

/** What a test may use up of the error rate; undefined where the rollout does not have the test. */
export const alphaOf = ({ metrics }: RolloutPolicy, name: RolloutMetric['name']): number | undefined =>
  metrics.find((metric) => metric.name === name)?.alpha;
export const goalOf = ({ metrics }: RolloutPolicy): 'wrong' | 'errors' =>
  (metrics.find(({ role }) => role === 'goal')?.name as 'wrong' | 'errors' | undefined) ?? 'wrong';

export const latencyMarginText = ({ latencyMargin }: RolloutPolicy): string =>
  latencyMargin === null || latencyMargin === 0 ? '' : ` by more than ${Number((latencyMargin * 100).toPrecision(3))} %`;
