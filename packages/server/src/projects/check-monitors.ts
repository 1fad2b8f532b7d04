import {
  type AlertRule,
  type AppError,
  type DeclaredMonitor,
  durationMs,
  falseAlarmsPerMs,
  invalid,
  type Manifest,
  parseModelReference,
} from '@boucle/contract';
import { nearest } from '../platform/config/index.ts';

/** More records than this are no count for a person: a share says more, and needs no list of them. */
const largestCount = 10_000;
/** What every record has, whatever the model. */
const ownColumns = ['prediction', 'confidence', 'variant'];

type Refuse = (message: string, reason: string, details?: Record<string, unknown>) => AppError;

/** Holds monitors, their rules and the channels against what their schemas cannot say. */
export const checkMonitors = (manifest: Manifest): void => {
  const { monitors, endpoints, channels = [] } = manifest;
  refuseDoubled('monitor', monitors);
  refuseDoubled('channel', channels);
  for (const channel of channels) {
    if (channel.kind === 'mail' || typeof channel.url !== 'string') continue;
    if (!/^https?:$/.test(URL.canParse(channel.url) ? new URL(channel.url).protocol : ''))
      throw invalid(`Channel "${channel.name}": its url is no address; write https://host/path, or { secret: 'name' }`, 'bad_address', {
        channel: channel.name,
      });
  }
  for (const monitor of monitors) {
    const refuse: Refuse = (message, reason, details = {}) =>
      invalid(`Monitor "${monitor.name}": ${message}`, reason, { monitor: monitor.name, ...details });
    const names = endpoints.map(({ name }) => name);
    if (!names.includes(monitor.endpoint))
      throw refuse(`the project has no endpoint "${monitor.endpoint}"${instead(monitor.endpoint, names)}`, 'unknown_endpoint', {
        endpoint: monitor.endpoint,
      });
    checkOne(monitor, { manifest, refuse });
  }
};

const checkOne = (monitor: DeclaredMonitor, { manifest, refuse }: { manifest: Manifest; refuse: Refuse }): void => {
  const { alerts = [], drift, slices = [], windows } = monitor;
  const columns = columnsOf(monitor, manifest);
  const knows = (what: string, column: string): void => {
    if (!columns || columns.includes(column)) return;
    throw refuse(`${what} speaks of the column "${column}", which no record has${instead(column, columns)}`, 'unknown_column', { column });
  };
  const lasts = (what: string, duration: string | undefined): void => {
    if (duration !== undefined && durationMs(duration) === 0)
      throw refuse(`${what} is ${duration}: write a time such as 90s, 5m or 6h`, 'bad_duration');
  };
  lasts('the length of its windows', windows?.every);
  for (const column of slices) knows('its slices', column);
  if (drift) {
    for (const column of drift.columns) knows('its drift', column);
    if (falseAlarmsPerMs(drift.falseAlarms) === 0)
      throw refuse(
        'its drift allows no false alarm at all, and so could never be found: write a rate such as "1 a month"',
        'bad_false_alarms',
      );
  }
  const doubled = alerts.find(({ name }, i) => alerts.findIndex((other) => other.name === name) < i);
  if (doubled)
    throw refuse(`two of its rules are named "${doubled.name}": give each a name of its own`, 'rule_doubled', { rule: doubled.name });
  for (const rule of alerts) checkRule(rule, { monitor, manifest, knows, lasts, refuse });
};

interface AroundRule {
  readonly monitor: DeclaredMonitor;
  readonly manifest: Manifest;
  readonly knows: (what: string, column: string) => void;
  readonly lasts: (what: string, duration: string | undefined) => void;
  readonly refuse: Refuse;
}
const checkRule = (rule: AlertRule, { monitor, manifest, knows, lasts, refuse }: AroundRule): void => {
  const what = `the rule "${rule.name}"`;
  const channels = (manifest.channels ?? []).map(({ name }) => name);
  for (const channel of rule.notify) {
    if (!channels.includes(channel))
      throw refuse(
        `${what} notifies the channel "${channel}", which the project does not declare${instead(channel, channels)}`,
        'unknown_channel',
        { rule: rule.name, channel },
      );
  }
  for (const column of rule.groupBy ?? []) knows(`the grouping of ${what}`, column);
  if ('within' in rule) lasts(`${what}: its window`, rule.within);
  if ('noData' in rule) lasts(`${what}: its silence`, rule.noData);
  const where = 'count' in rule ? rule.count : 'share' in rule ? rule.share : {};
  for (const column of Object.keys(where)) knows(what, column);
  if ('count' in rule && rule.above > largestCount)
    throw refuse(`${what} counts to ${rule.above}, and ${largestCount} is the most: write it as a share`, 'count_too_large', {
      rule: rule.name,
    });
  const kpis = Object.keys(manifest.kpis);
  if ('kpi' in rule && !kpis.includes(rule.kpi))
    throw refuse(`${what} is about the KPI "${rule.kpi}", which the project does not have${instead(rule.kpi, kpis)}`, 'unknown_kpi', {
      rule: rule.name,
      kpi: rule.kpi,
    });
  if ('drift' in rule && rule.drift !== true) {
    for (const column of rule.drift) {
      const watched = monitor.drift?.columns ?? [];
      if (!watched.includes(column))
        throw refuse(
          `${what} is about drift of "${column}", which the monitor does not look at${instead(column, watched)}`,
          'unknown_column',
          { rule: rule.name, column },
        );
    }
  }
};

/**
 * What a record of the monitor's endpoint may speak of: the columns of the datasets behind its model. Undefined where that
 * cannot be told: no pipeline here registers it, a step of the project's own may change columns, or a dataset keeps others.
 */
const columnsOf = ({ endpoint }: DeclaredMonitor, { endpoints, pipelines, datasets }: Manifest): string[] | undefined => {
  const reference = parseModelReference(endpoints.find(({ name }) => name === endpoint)!.model);
  const plan = pipelines.find(({ steps }) =>
    steps.some(
      ({ code, params }) =>
        'effect' in code &&
        code.effect === 'register' &&
        'name' in params &&
        'value' in params['name']! &&
        params['name'].value === reference?.model,
    ),
  );
  const isOwn = (module: string): boolean => module.startsWith('@boucle/project/');
  if (!plan?.steps.every(({ code }) => 'effect' in code || ('module' in code && isOwn(code.module)))) return undefined;
  const behind = datasets.filter(({ name }) => Object.values(plan.inputs).some(({ dataset }) => dataset === name));
  if (behind.length === 0 || behind.some(({ others }) => others === 'keep')) return undefined;
  return [...ownColumns, ...behind.flatMap(({ columns }) => columns.map(({ name }) => name))];
};

const refuseDoubled = (what: string, named: readonly { readonly name: string }[]): void => {
  const doubled = named.find(({ name }, i) => named.findIndex((other) => other.name === name) < i);
  if (doubled) throw invalid(`Two of the ${what}s are named "${doubled.name}"`, `${what}_doubled`, { [what]: doubled.name });
};
const instead = (word: string, known: readonly string[]): string => {
  const near = nearest(word, known);
  if (near !== undefined) return `; did you mean "${near}"?`;
  return known.length === 0 ? '' : `; there are: ${known.slice(0, 20).join(', ')}`;
};
