const plural = (n: number, one: string, other: string): string => (n === 1 ? one : other);
const list = (parts: readonly (string | null | undefined)[]): string => parts.filter(Boolean).join(', ');

const databases: Record<string, string> = { sqlite: 'SQLite', postgres: 'PostgreSQL' };
const averages: Record<string, string> = { macro: 'macro', weighted: 'weighted' };
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const metrics: Record<string, string> = {
  f1: 'F1',
  recall: 'recall',
  precision: 'precision',
  accuracy: 'accuracy',
  roc_auc: 'ROC AUC',
  average_precision: 'average precision',
  brier: 'brier score',
  log_loss: 'log loss',
};

/** The English catalogue is the type of the others: a key that is missing in French does not compile. */
export const en = {
  app: {
    skip: 'Skip to content',
    language: 'Language',
    toDark: 'Use the dark theme',
    toLight: 'Use the light theme',
    mainNav: 'Main navigation',
    loopSection: 'The loop',
    moreSection: 'For programs',
    openapi: 'OpenAPI 3.1',
    side: 'Project and pages',
    project: 'Projects',
    switchProject: 'Switch project',
    copy: 'Copy',
    copied: 'Copied',
    system: (database: string, node: string) => `${databases[database] ?? database}, Node ${node.replace(/^v/, '')}`,
    loading: 'Loading',
  },
  nav: {
    overview: 'Overview',
    stories: 'Stories',
    data: 'Data',
    pipelines: 'Pipelines',
    runs: 'Runs',
    comparison: 'Comparison',
    models: 'Models',
    endpoints: 'Endpoints',
    monitoring: 'Monitoring',
    rollouts: 'Rollouts',
  },
  question: { overview: 'Is the loop turning, and does the problem get better?' },
  title: (page: string, project: string) => `${page}, ${project} · Boucle`,
  mark: {
    ok: 'OK',
    attention: 'Needs attention',
    broken: 'Broken',
    running: 'In progress',
    idle: 'Nothing yet',
    reused: 'From the cache',
    stopped: 'Stopped',
  },
  metric: (name: string, of: string | null): string => `${metrics[name] ?? name}${of === null ? '' : ` ${averages[of] ?? of}`}`,
  rows: { test: 'on test rows', validation: 'on validation rows', train: 'on training rows' },
  ago: (said: string | undefined) => said ?? 'just now',
  live: {
    connecting: 'Connecting',
    live: 'Live',
    lost: 'Not live',
    at: (time: string) => `${time} UTC`,
    asOf: (time: string) => `as of ${time} UTC`,
    lostTitle: 'The event stream is interrupted',
    lostBody: (time: string, every: string) =>
      `Shown as of ${time} UTC. Asking again every ${every} until the stream is back; nothing is lost meanwhile.`,
    silentTitle: 'The server does not answer',
    silentBody: (time: string, every: string) =>
      `Shown as of ${time} UTC. Trying again every ${every}. If it was stopped, start it with boucle up.`,
    again: 'Ask now',
  },
  loop: {
    title: 'The loop',
    inWords: 'The seven stations of the loop, each with its state and one number',
    stations: {
      framing: 'Framing',
      datasets: 'Datasets',
      pipelines: 'Pipelines',
      tracking: 'Tracking',
      registry: 'Registry',
      serving: 'Serving',
      monitoring: 'Monitoring',
    },
    version: (n: number) => `v${n}`,
    framing: (kpis: number) => plural(kpis, 'KPI', 'KPIs'),
    datasets: (name: string, version: string) => `rows in ${name} ${version}`,
    runFailed: (pipeline: string) => `${pipeline} failed`,
    running: (step: string) => `running ${step}`,
    ran: (pipeline: string, cached: number, steps: number) =>
      cached > 0 ? `${cached} of ${steps} steps cached` : `${steps} ${plural(steps, 'step', 'steps')}, ${pipeline}`,
    tracking: (metric: string, half: string | null) => list([capital(metric), half && `± ${half}`]),
    runs: (n: number) => plural(n, 'run', 'runs'),
    serving: (n: number, version: string) => `${plural(n, 'request', 'requests')} in 5 min, ${version}`,
    monitoring: (feedback: string) => `agreement over ${feedback}`,
    nothing: {
      framing: 'no KPI yet',
      tracking: 'no run yet',
      datasets: 'no version yet',
      pipelines: 'no pipeline run yet',
      registry: 'no model version yet',
      serving: 'nothing deployed yet',
      monitoring: 'no feedback yet',
    },
    now: (step: string) => `Now: ${step}`,
    ofSteps: (done: string, steps: string) => `step ${done} of ${steps}`,
    progress: (done: string, total: string) => `${done} of ${total}`,
    progressOpen: (done: string) => `${done} so far`,
    turn: 'from data to endpoint',
    lastRun: 'for the last pipeline run',
    begun: 'Under way',
    failed: (step: string) => `${step} failed`,
    failedWhere: 'The story says why',
    start: 'Not turning yet',
    startBody: 'Each station fills in as the loop reaches it.',
  },
  steps: {
    title: (pipeline: string, number: number) => `Pipeline run ${pipeline} #${number}`,
    summary: (done: number, steps: number, cached: number) =>
      list([`${done} of ${steps} ${plural(steps, 'step', 'steps')}`, cached > 0 ? `${cached} from the cache` : null]),
    id: 'Pipeline run id',
    list: 'Steps in the order of the plan',
    status: {
      waiting: 'waiting',
      queued: 'queued',
      running: 'running',
      succeeded: 'done',
      cached: 'from the cache',
      failed: 'failed',
      cancelled: 'cancelled',
      lost: 'lost',
    },
    attempt: (n: number) => `attempt ${n}`,
    where: (place: string) => `at ${place}`,
  },
  story: {
    title: 'Latest story',
    whole: 'Read it whole',
    note: 'One correlation id, end to end',
    id: 'Correlation id',
    digest: 'Digest',
    empty: 'Nothing has happened yet under a correlation id.',
    project: (name: string) => `Project ${name} created`,
    manifest: (number: number) => `Manifest ${number} applied`,
    changes: (n: number) => (n === 0 ? 'nothing changed' : `${n} ${plural(n, 'change', 'changes')}`),
    dataset: (name: string, version: number) => `Dataset version ${name} v${version}`,
    datasetRows: (rows: string, repeated: string | null) => list([`${rows} rows`, repeated && `${repeated} with a repeated key`]),
    pipeline: (name: string, number: number, status: string) => {
      const words: Record<string, string> = { running: 'is running', succeeded: 'is done', failed: 'failed', cancelled: 'was cancelled' };
      return `Pipeline run ${name} #${number} ${words[status] ?? status}`;
    },
    stepNow: (step: string, progress: string | null) => (progress === null ? step : `${step} ${progress}`),
    took: (duration: string) => `took ${duration}`,
    step: (step: string, { isLost, isRetried }: { isLost: boolean; isRetried: boolean }) =>
      `Step ${step} ${isRetried ? 'is tried again' : isLost ? 'was lost' : 'failed'}`,
    run: (name: string, status: string) => {
      const words: Record<string, string> = { finished: 'finished', failed: 'failed', killed: 'was killed' };
      return `Run ${name} ${words[status] ?? status}`;
    },
    model: (model: string, version: number) => `Model version ${model} v${version} registered`,
    alias: (alias: string, model: string, version: number) => `Alias ${alias} points to ${model} v${version}`,
    aliasBefore: (before: number | null) => (before === null ? 'set for the first time' : `before: v${before}`),
    deployment: (endpoint: string, status: 'starting' | 'ready' | 'failed') =>
      ({
        starting: `Deploying to endpoint ${endpoint}`,
        ready: `Endpoint ${endpoint} is ready`,
        failed: `Deployment to ${endpoint} failed`,
      })[status],
    deployed: (model: string | null, version: number | null, warmUp: string | null) =>
      list([model && version !== null ? `${model} v${version}` : null, warmUp && `warm-up took ${warmUp}`]),
    traffic: (requests: string, n: number) => `${requests} ${plural(n, 'request', 'requests')} within 5 minutes`,
    errors: (errors: string, n: number) => (n === 0 ? 'no error' : `${errors} ${plural(n, 'error', 'errors')}`),
    p95: (duration: string) => `p95 ${duration}`,
    unlogged: (records: string, n: number) => `${records} ${plural(n, 'prediction was', 'predictions were')} not logged`,
    unloggedDetail: (endpoint: string) => `${endpoint} answered, but its prediction log could not be written. boucle doctor says why.`,
    feedback: (recorded: string, n: number) => `${recorded} feedback ${plural(n, 'entry', 'entries')} recorded`,
    feedbackDetail: (endpoint: string, agreed: string, recorded: string) => `${endpoint}, the answer was right in ${agreed} of ${recorded}`,
  },
  decisions: {
    drift: (columns: readonly string[]) => `Drift in ${list(columns)}`,
    driftDetail: (endpoint: string, effect: string) => `endpoint ${endpoint}, the largest difference is ${effect}`,
    quality: (endpoint: string) => `Faulty data at endpoint ${endpoint}`,
    kpi: (kpi: string) => `KPI ${kpi} is missed`,
    kpiDetail: (value: string, low: string, high: string, target: string) => `${value} (95%: ${low} to ${high}), target ${target}`,
    alert: (rule: string, state: 'firing' | 'acknowledged' | 'resolved') =>
      `Alert “${rule}” ${{ firing: 'fired', acknowledged: 'was acknowledged', resolved: 'was resolved' }[state]}`,
    notification: (channel: string, sent: boolean) => (sent ? `Channel ${channel} was told` : `Channel ${channel} could not be told`),
    retraining: (because: string, status: string) => {
      const words: Record<string, string> = { running: 'is under way', succeeded: 'is done', failed: 'failed', refused: 'was refused' };
      return `Retraining because of ${because} ${words[status] ?? status}`;
    },
    retrainingDetail: (rows: string | null, version: number | null) =>
      list([rows && `${rows} newly labelled rows`, version !== null ? `version ${version}` : null]),
    gates: (version: number, passed: boolean) =>
      passed ? `The gates let version ${version} through` : `The gates stopped version ${version}`,
    approval: (state: 'asked' | 'given' | 'refused', given: number, needed: number) =>
      ({
        asked: `${needed} ${plural(needed, 'approval is', 'approvals are')} asked for`,
        given: `Approved, ${given} of ${needed}`,
        refused: 'Approval was refused',
      })[state],
    rollout: (endpoint: string, version: number | null, status: string) => {
      const words: Record<string, string> = {
        running: 'is on its way to',
        paused: 'is paused on its way to',
        promoted: 'is promoted at',
        rolled_back: 'was rolled back from',
        refused: 'was not let in at',
        superseded: 'was overtaken at',
      };
      return `${version === null ? 'A version' : `Version ${version}`} ${words[status] ?? `(${status}) at`} ${endpoint}`;
    },
    /** A stage, and what is said of it. */
    staged: (stage: string, message: string) => `${stage}: ${message}`,
    stage: (stage: string, share: string) => {
      const words: Record<string, string> = {
        gates: 'gates',
        approval: 'approval',
        loading: 'loading',
        shadow: 'shadow',
        canary: `canary at ${share}`,
        watch: 'watched',
      };
      return words[stage] ?? stage;
    },
  },
  tiles: {
    title: 'What was measured',
    quality: 'Quality of the latest model',
    qualityOf: (metric: string, rows: string | null) => capital(metric) + (rows ? ` ${rows}` : ''),
    errors: 'Failed requests',
    latency: 'Latency, 95th percentile',
    agreement: 'Feedback that agrees',
    interval: '95% interval',
    count: { errors: 'Failed in 5 min', agreement: 'Agreed' },
    of: (count: string, of: string) => `${count} of ${of}`,
    requests: 'Requests in 5 min',
    runs: 'Runs',
    noInterval: 'none stated',
    filled: {
      quality: 'Filled by the first evaluated run',
      errors: 'Filled by the first requests',
      latency: 'Filled by the first requests',
      agreement: 'Filled by the first feedback',
    },
  },
  start: {
    title: 'Start here',
    note: 'Four commands take the loop round for the first time',
    steps: [
      'Write a small project that runs, and go there',
      'Record what it declares',
      'Add the rows to learn from',
      'Clean, train, evaluate, register',
    ],
  },
  unknown: {
    title: (project: string) => `There is no project “${project}”`,
    body: 'It may have another name, or live on another server. These are the projects here:',
    none: 'There is no project here yet.',
    back: (project: string) => `Go to ${project}`,
    page: 'There is no page at this address',
    pageBody: 'The overview of the project shows all there is to see.',
    home: 'Go to the overview',
  },
  problem: {
    refused: 'The server refused this',
    silent: 'The server does not answer',
    silentBody: 'Is it running? Start it with boucle up, then try again.',
    retry: 'Try again',
    code: 'Code',
    requestId: 'Request id',
  },
};
export type Messages = typeof en;
