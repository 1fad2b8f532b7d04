import type { BoucleEvent, Chapter, EventData, EventType } from '@boucle/contract';

export type News<T extends EventType = EventType> = Omit<BoucleEvent, 'type' | 'data'> & { readonly type: T; readonly data: EventData[T] };
type Evidence = Chapter['evidence'];
type Told = Pick<Chapter, 'station' | 'sentence'> & { readonly tone?: Chapter['tone']; readonly evidence?: Evidence };
/** Null leaves an event out: it says nothing that its neighbours do not. */
type Tellers = { readonly [T in EventType]: ((news: News<T>, at: Addresses) => Told | null) | null };

/** Where in the API the things of a project stand. */
const addressesOf = (project: string) => {
  const base = `/api/v1/projects/${encodeURIComponent(project)}`;
  const to = (what: string, ...path: readonly (string | number)[]): Evidence[number] => ({
    what,
    href: [base, ...path.map((part) => encodeURIComponent(part))].join('/'),
  });
  return {
    version: (model: string, number: number) => to(`${model}/${number}`, 'models', model, 'versions', number),
    datasetVersion: (dataset: string, number: number) => to(`${dataset}/${number}`, 'datasets', dataset, 'versions', number),
    pipelineRun: (id: string) => to('the pipeline run', 'pipeline-runs', id),
    window: (monitor: string, id: string) => to(`the window of monitor ${monitor}`, 'monitor-windows', id),
    alert: (id: string) => to('the alert', 'alerts', id),
    rollout: (id: string) => to('the rollout', 'rollouts', id),
    evidence: (id: string) => to('its evidence', 'rollouts', id, 'evidence'),
    approval: (id: string) => to('the approval', 'approvals', id),
    endpoint: (name: string) => to(`endpoint ${name}`, 'endpoints', name),
  };
};
type Addresses = ReturnType<typeof addressesOf>;

const counted = (n: number, one: string, many = `${one}s`): string => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 && share > 0 ? 1 : 0)} %`;
const figure = (value: number): string => String(Number(value.toPrecision(4)));
const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
const named = (group: Readonly<Record<string, string>>): string =>
  Object.entries(group)
    .map(([name, value]) => ` (${name} ${value})`)
    .join('');
const tones: Readonly<Record<string, Chapter['tone']>> = {
  succeeded: 'good',
  promoted: 'good',
  failed: 'bad',
  rolled_back: 'bad',
  refused: 'attention',
  cancelled: 'attention',
  superseded: 'attention',
};
const toneOf = (status: string): Chapter['tone'] => tones[status] ?? 'plain';

const tellers: Tellers = {
  'project.created': ({ data }) => ({ station: 'framing', sentence: `Project ${data.name} was created.` }),
  'manifest.applied': ({ data }) => ({
    station: 'framing',
    sentence: `Manifest ${data.number} was applied, with ${counted(data.changes, 'change')}.`,
  }),
  'dataset_version.created': ({ data }, at) => ({
    station: 'datasets',
    sentence: `Version ${data.number} of dataset ${data.dataset} came, with ${counted(data.rows, 'row')}.`,
    evidence: [at.datasetVersion(data.dataset, data.number)],
  }),
  'pipeline_run.started': ({ data, subject }, at) => ({
    station: 'pipelines',
    sentence: `Run ${data.number} of pipeline ${data.pipeline} began its ${counted(data.steps, 'step')}.`,
    evidence: [at.pipelineRun(subject.id)],
  }),
  'step_run.queued': null,
  'step_run.started': null,
  'step_run.progressed': null,
  'step_run.ended': ({ data }, at) =>
    data.status === 'failed' || data.status === 'lost'
      ? {
          station: 'pipelines',
          tone: 'bad',
          sentence: `Step ${data.step} ${data.status === 'lost' ? 'was lost' : 'failed'}: ${data.message ?? 'no reason was given'}`,
          evidence: [at.pipelineRun(data.pipelineRunId)],
        }
      : null,
  'pipeline_run.ended': ({ data, subject }, at) => ({
    station: 'pipelines',
    tone: toneOf(data.status),
    sentence: `Run ${data.number} of pipeline ${data.pipeline} ${data.status}${data.cached > 0 ? `, ${data.cached} of ${data.steps} steps from the cache` : ''}.`,
    evidence: [at.pipelineRun(subject.id)],
  }),
  'run.started': null,
  'run.ended': null,
  'run.reopened': null,
  'run.deleted': null,
  'run.restored': null,
  'run.purged': null,
  'experiment.deleted': null,
  'experiment.restored': null,
  'experiment.purged': null,
  'model.created': null,
  'model.renamed': ({ data }) => ({ station: 'registry', sentence: `Model ${data.before} was renamed to ${data.model}.` }),
  'model.removed': ({ data }) => ({ station: 'registry', tone: 'attention', sentence: `Model ${data.model} was removed.` }),
  'model_tag.set': null,
  'model_tag.removed': null,
  'model_version.registered': ({ data }, at) => ({
    station: 'registry',
    sentence: `Version ${data.number} of model ${data.model} was registered${measured(data.evidence)}.`,
    evidence: [at.version(data.model, data.number)],
  }),
  'model_version.staged': ({ data }, at) => ({
    station: 'registry',
    sentence: `Version ${data.number} of model ${data.model} went from stage ${data.before} to ${data.stage}.`,
    evidence: [at.version(data.model, data.number)],
  }),
  'model_version.removed': ({ data }) => ({
    station: 'registry',
    tone: 'attention',
    sentence: `Version ${data.number} of model ${data.model} was removed.`,
  }),
  'model_version_tag.set': null,
  'model_version_tag.removed': null,
  'alias.moved': ({ data }, at) => ({
    station: 'registry',
    tone: 'good',
    sentence: `${data.model}@${data.alias} is now version ${data.number}${data.before === null ? '' : `, after version ${data.before}`}.`,
    evidence: [at.version(data.model, data.number)],
  }),
  'alias.removed': ({ data }, at) => ({
    station: 'registry',
    sentence: `${data.model}@${data.alias} was taken away from version ${data.number}.`,
    evidence: [at.version(data.model, data.number)],
  }),
  'gate.judged': ({ data }, at) => ({
    station: 'registry',
    tone: data.passed ? 'good' : 'bad',
    sentence: `The gates of endpoint ${data.endpoint} ${data.passed ? 'let version' : 'stopped version'} ${data.version} ${data.passed ? 'through' : 'of the model'}: ${data.gates.map(({ message }) => message).join('; ') || 'there are none'}.`,
    evidence: [at.version(data.model, data.version)],
  }),
  'approval.asked': ({ data }, at) => ({
    station: 'governance',
    tone: 'attention',
    sentence: `${counted(data.needed, 'approval is', 'approvals are')} asked for: ${data.message}`,
    evidence: [at.approval(data.approvalId)],
  }),
  'approval.given': ({ data, actor }, at) => ({
    station: 'governance',
    tone: 'good',
    sentence: `${actor} approved (${data.given} of ${data.needed})${data.comment === '' ? '' : `: ${data.comment}`}.`,
    evidence: [at.approval(data.approvalId)],
  }),
  'approval.refused': ({ data, actor }, at) => ({
    station: 'governance',
    tone: 'bad',
    sentence: `${actor} refused${data.comment === '' ? '' : `: ${data.comment}`}.`,
    evidence: [at.approval(data.approvalId)],
  }),
  'deployment.created': null,
  'deployment.ready': ({ data }, at) => ({
    station: 'serving',
    sentence: `Deployment ${data.number} answers at endpoint ${data.endpoint}, with version ${data.version} of ${data.model}.`,
    evidence: [at.endpoint(data.endpoint)],
  }),
  'deployment.failed': ({ data }, at) => ({
    station: 'serving',
    tone: 'bad',
    sentence: `Deployment ${data.number} at endpoint ${data.endpoint} failed: ${data.message}`,
    evidence: [at.endpoint(data.endpoint)],
  }),
  'predictions.counted': null,
  'predictions.lost': ({ data }, at) => ({
    station: 'serving',
    tone: 'bad',
    sentence: `${counted(data.records, 'prediction')} of endpoint ${data.endpoint} could not be logged.`,
    evidence: [at.endpoint(data.endpoint)],
  }),
  'feedback.recorded': null,
  'window.closed': null,
  'drift.found': ({ data }, at) => ({
    station: 'monitoring',
    tone: 'attention',
    sentence: `Drift in ${listed([...new Set(data.columns.map(({ column }) => column))])} at endpoint ${data.endpoint}: the largest difference is ${percent(Math.max(0, ...data.columns.map(({ effect }) => effect)))}.`,
    evidence: [at.window(data.monitor, data.windowId)],
  }),
  'quality.failed': ({ data }, at) => ({
    station: 'monitoring',
    tone: 'bad',
    sentence: `The data at endpoint ${data.endpoint} are faulty: ${data.findings.map(({ message }) => message).join('; ')}.`,
    evidence: [at.window(data.monitor, data.windowId)],
  }),
  'kpi.missed': ({ data }, at) => ({
    station: 'monitoring',
    tone: 'bad',
    sentence: `KPI ${data.kpi} is missed: ${figure(data.value)} (95 %: ${figure(data.interval[0])} to ${figure(data.interval[1])}), the target is ${figure(data.target)}.`,
    evidence: [at.window(data.monitor, data.windowId)],
  }),
  'alert.fired': ({ data }, at) => ({
    station: 'monitoring',
    tone: 'bad',
    sentence: `Alert "${data.rule}"${named(data.group)} fired: ${data.message}`,
    evidence: [at.alert(data.alertId)],
  }),
  'alert.resolved': ({ data }, at) => ({
    station: 'monitoring',
    tone: 'good',
    sentence: `Alert "${data.rule}"${named(data.group)} was resolved.`,
    evidence: [at.alert(data.alertId)],
  }),
  'alert.acknowledged': ({ data, actor }, at) => ({
    station: 'monitoring',
    sentence: `${actor} acknowledged alert "${data.rule}"${data.comment === '' ? '' : `: ${data.comment}`}.`,
    evidence: [at.alert(data.alertId)],
  }),
  'notification.sent': ({ data }, at) => ({
    station: 'monitoring',
    sentence: `Channel ${data.channel} was told.`,
    evidence: [at.alert(data.alertId)],
  }),
  'notification.failed': ({ data }, at) => ({
    station: 'monitoring',
    tone: 'bad',
    sentence: `Channel ${data.channel} could not be told, after ${counted(data.attempts, 'attempt')}: ${data.message}`,
    evidence: [at.alert(data.alertId)],
  }),
  'retraining.started': ({ data }, at) => ({
    station: 'pipelines',
    sentence: `Retraining began because of ${data.because}${data.rows > 0 ? `, with ${counted(data.rows, 'newly labelled row')}` : ''}.`,
    evidence: [at.pipelineRun(data.pipelineRunId)],
  }),
  'retraining.refused': ({ data }) => ({
    station: 'pipelines',
    tone: 'attention',
    sentence: `Retraining because of ${data.because} was refused: ${data.message}`,
  }),
  'retraining.ended': ({ data }, at) => ({
    station: 'pipelines',
    tone: toneOf(data.status),
    sentence: `Retraining ${data.status}${data.model === null || data.version === null ? '' : `, with version ${data.version} of ${data.model}`}.`,
    evidence: [at.pipelineRun(data.pipelineRunId)],
  }),
  'rollout.started': ({ data, subject }, at) => ({
    station: 'rollouts',
    sentence: `Rollout ${data.number} of endpoint ${data.endpoint} began with version ${data.version} of ${data.model}${data.baseline === null ? '' : `, against version ${data.baseline}`}.`,
    evidence: [at.rollout(subject.id)],
  }),
  'rollout.stepped': ({ data, subject }, at) => ({
    station: 'rollouts',
    sentence: `${data.stage === 'shadow' ? 'Shadow' : data.stage === 'canary' ? `Canary at ${percent(data.share)}` : capital(data.stage)}: ${data.message}`,
    evidence: [at.rollout(subject.id)],
  }),
  'rollout.decided': ({ data, subject }, at) => ({
    station: 'rollouts',
    tone: toneOf(data.verdict === 'promote' ? 'promoted' : data.verdict === 'roll_back' ? 'rolled_back' : data.verdict),
    sentence: `Verdict at event ${data.at}: ${data.message}`,
    evidence: [at.rollout(subject.id), at.evidence(subject.id)],
  }),
  'rollout.paused': ({ data, subject, actor }, at) => ({
    station: 'rollouts',
    tone: 'attention',
    sentence: `${actor} paused the rollout: ${data.reason}`,
    evidence: [at.rollout(subject.id)],
  }),
  'rollout.resumed': ({ data, subject, actor }, at) => ({
    station: 'rollouts',
    sentence: `${actor} resumed the rollout: ${data.reason}`,
    evidence: [at.rollout(subject.id)],
  }),
  'rollout.ended': ({ data, subject }, at) => ({
    station: 'rollouts',
    tone: toneOf(data.status),
    sentence: `Rollout ${data.number} ended, ${data.status.replaceAll('_', ' ')}: ${data.message}`,
    evidence: [at.rollout(subject.id)],
  }),
};

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const measured = (evidence: EventData['model_version.registered']['evidence']): string => {
  const shown = evidence.filter(({ value }) => typeof value === 'number').slice(0, 3);
  return shown.length === 0 ? '' : ` with ${listed(shown.map(({ metric, value }) => `${metric} ${figure(value as number)}`))} on test rows`;
};

/** The kinds of news that a story is made of. */
export const toldTypes = (Object.keys(tellers) as EventType[]).filter((type) => tellers[type] !== null);

/** What a story says of an event; undefined where it says nothing. */
export const chapterOf = (event: BoucleEvent): Chapter | undefined => {
  // A later release may have told of more.
  const teller = Object.hasOwn(tellers, event.type)
    ? (tellers[event.type as EventType] as ((news: unknown, at: Addresses) => Told | null) | null)
    : null;
  const told = teller?.(event, addressesOf(event.subject.project));
  if (!told) return undefined;
  const { station, sentence, tone = 'plain', evidence = [] } = told;
  return { seq: event.seq, at: event.at, station, type: event.type, tone, sentence, evidence: [...evidence] };
};
