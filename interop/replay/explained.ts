import { api, type Call, proxy } from './call.ts';
import type { Difference } from './compare.ts';

/** A difference from MLflow's server that is meant, and why. */
export interface Explanation {
  readonly what: string;
  readonly why: string;
  readonly holds: (difference: Difference, before: readonly Call[]) => boolean;
  /** From here on the two hold other things, so what is said next tells nothing. */
  readonly parts?: boolean;
}

const isTo = ({ path }: Call, ...paths: readonly string[]): boolean => paths.some((one) => path === api + one);
const areRefused = ({ ours, theirs }: Difference): boolean => isUsersFault(ours.status) && isUsersFault(theirs.status);
const isUsersFault = (status: number): boolean => status >= 400 && status < 500;

const messages = ({ ours, theirs }: Difference) => ({ mine: ours.message ?? '', peers: theirs.message ?? '' });
const areCodes = ({ ours, theirs }: Difference, mine: string, peers: string): boolean => ours.code === mine && theirs.code === peers;
const bad = 'INVALID_PARAMETER_VALUE';
const gone = 'RESOURCE_DOES_NOT_EXIST';

/** Whether calls to these were said, one after the other. */
const isInOrder = (calls: readonly Call[], paths: readonly string[]): boolean => {
  let next = 0;
  for (const call of calls) if (next < paths.length && isTo(call, paths[next]!)) next++;
  return next === paths.length;
};
const isMeasuredTwice = (calls: readonly Call[]): boolean => {
  const said = calls.flatMap(({ fields }) =>
    fields?.['model_id'] && fields['key'] ? [JSON.stringify([fields['model_id'], fields['key']])] : [],
  );
  return new Set(said).size < said.length;
};
const modelsIn = (body: unknown): string[] =>
  ((body as { models?: readonly unknown[] }).models ?? []).map((one) => JSON.stringify(one)).toSorted();
interface File {
  readonly path: string;
  readonly is_dir: boolean;
}
const filesIn = (body: unknown): readonly File[] => (body as { files?: readonly File[] } | undefined)?.files ?? [];

/** The first that holds is counted. What people should know of them is in docs/mlflow-differences.md, made from here. */
export const explanations: readonly Explanation[] = [
  {
    what: 'A request is never answered with 5xx for what the caller got wrong, nor for a store that cannot be reached',
    why: 'Clients repeat a request that got 5xx for minutes.',
    holds: ({ ours, theirs }) => ours.status < 500 && theirs.status >= 500,
  },
  {
    what: 'Values of a wrong type are refused',
    why: 'MLflow stops reading at the first field that it cannot read, and takes that one and those after it for absent.',
    holds: ({ call, ours, theirs }) => call.fault === 'type' && ours.code === bad && (theirs.status === 200 || theirs.code === gone),
  },
  {
    what: 'Of two faults in one request, the other may be told first',
    why: 'Either answer is true.',
    holds: (difference) =>
      areRefused(difference) &&
      (((difference.call.fault === 'type' || difference.call.fault === 'missing') && areCodes(difference, gone, bad)) ||
        (difference.call.fault === 'long' && areCodes(difference, bad, gone)) ||
        (isTo(difference.call, 'model-versions/create') && messages(difference).mine.startsWith('Registered Model with name'))),
  },
  {
    what: 'A refusal has a code of its own where MLflow passes on what its database said, as BAD_REQUEST',
    why: 'A message in SQL helps nobody.',
    holds: (difference) => areRefused(difference) && difference.theirs.code === 'BAD_REQUEST',
  },
  {
    what: 'Asked for by a name that nothing can have, a thing is not found',
    why: 'MLflow refuses some of these names as invalid; the thing is missing either way.',
    holds: (difference) => (difference.call.fault === 'unknown' || difference.call.fault === 'long') && areCodes(difference, gone, bad),
  },
  {
    what: 'Removing an alias or a tag that no model can have does nothing',
    why: 'Removing one that is not there does nothing either.',
    holds: ({ call, ours, theirs }) =>
      call.method === 'DELETE' &&
      isTo(call, 'registered-models/alias', 'registered-models/delete-tag', 'model-versions/delete-tag') &&
      ours.status === 200 &&
      theirs.code === bad,
  },
  {
    what: 'A version may be made of files of a run or logged model by their address alone',
    why: 'MLflow wants `run_id` or `model_id` beside it, which says the same. Whoever may not read the files is refused here too.',
    holds: (difference) =>
      isTo(difference.call, 'model-versions/create') &&
      /must identify the resource that contains the source/.test(messages(difference).peers),
  },
  {
    what: 'A metric that names a missing logged model is kept with its run alone',
    why: 'MLflow keeps it too, and then answers 400.',
    holds: ({ call, ours, theirs }) =>
      isTo(call, 'runs/log-metric', 'runs/log-batch') && ours.status === 200 && /logged_model_metrics/.test(theirs.message ?? ''),
  },
  {
    what: 'Params of a logged model may be said again with the same values',
    why: 'A request that a client repeats is not refused. MLflow refuses it, and both refuse another value.',
    holds: ({ ours, theirs }) => ours.status === 200 && /UNIQUE constraint failed: logged_model_params\b/.test(theirs.message ?? ''),
  },
  {
    what: 'The step of a model that a run made may be said again: the last holds',
    why: 'A request that a client repeats is not refused. MLflow answers with what its database said.',
    holds: ({ ours, theirs }) => ours.status === 200 && /UNIQUE constraint failed: inputs\b/.test(theirs.message ?? ''),
  },
  {
    what: '`runs/search` leaves out schema and profile of datasets',
    why: 'They may have megabytes each; `runs/get` has them.',
    holds: ({ call, at }) => isTo(call, 'runs/search') && /dataset\.(schema|profile)$/.test(at),
  },
  {
    what: 'The history of metrics of a missing run is not found',
    why: 'MLflow answers as if there were no points.',
    holds: ({ call, ours, theirs }) => isTo(call, 'metrics/get-history') && ours.code === gone && theirs.status === 200,
  },
  {
    what: 'A deleted logged model cannot be changed',
    why: 'MLflow does not find it any more either, but still changes it.',
    holds: ({ call, ours, theirs }) =>
      /logged-models\/«/.test(call.path) && call.method !== 'GET' && ours.code === gone && theirs.status === 200,
  },
  {
    what: 'A value that is none of those listed is refused',
    why: 'MLflow takes an unknown status or view for none, and changes what it is asked to nonetheless.',
    holds: ({ call, ours, theirs }) => call.fault === 'unknown' && ours.code === bad && (theirs.status === 200 || theirs.code === gone),
  },
  {
    what: 'A filter is refused where it cannot be read, with the place',
    why: 'MLflow passes over some words, such as an AND with nothing beside it.',
    holds: (difference) => difference.ours.code === bad && messages(difference).mine.startsWith('Invalid filter at character'),
  },
  {
    what: 'Names and texts have the longest length that is documented',
    why: 'MLflow on SQLite takes any length of some, which its other databases refuse.',
    holds: ({ call, ours, theirs }) => call.fault === 'long' && ours.code === bad && theirs.status === 200,
  },
  {
    what: 'What the address says need not be said again in the body',
    why: 'MLflow wants `model_id` there too.',
    holds: ({ call, theirs }) => /logged-models\/«/.test(call.path) && /required parameter 'model_id'/.test(theirs.message ?? ''),
  },
  {
    what: 'A run that ends has an end time',
    why: 'Where `runs/update` says none, it ends now; MLflow leaves the time out.',
    parts: true,
    holds: ({ call, at, theirs }) =>
      isTo(call, 'runs/update', 'runs/get', 'runs/search') &&
      at.endsWith('info.end_time') &&
      /"status":"(FINISHED|FAILED|KILLED)","start_time":\d+,"artifact_uri"/.test(JSON.stringify(theirs.body)),
  },
  {
    what: 'A run that begins again has no end time',
    why: 'It has not ended. MLflow keeps the time of its last end.',
    parts: true,
    holds: ({ call, at, ours }) =>
      isTo(call, 'runs/update', 'runs/get', 'runs/search') &&
      at.endsWith('end_time') &&
      /"status":"(RUNNING|SCHEDULED)"/.test(JSON.stringify(ours.body)),
  },
  {
    what: 'A version says which logged model it was made of',
    why: 'MLflow leaves `model_id` out where the model came from a run.',
    holds: ({ at, theirs }) => at.endsWith('.model_id') && !JSON.stringify(theirs.body).includes('"model_id"'),
  },
  {
    what: 'A logged model says which versions were registered from it',
    why: 'MLflow leaves `registrations` empty; its tag `mlflow.modelVersions` says the same on both.',
    holds: ({ at }) => at.endsWith('info.registrations'),
  },
  {
    what: 'A chart of few points has the first and the last step of each run, whole',
    why: 'MLflow counts rows, and cuts a step or leaves out the end.',
    holds: ({ call, at }) =>
      call.path.endsWith('get-history-bulk-interval') && Number(call.fields?.['max_results']) < 10 && at.startsWith('.metrics'),
  },
  {
    what: 'A filter of blanks is none',
    why: 'As an empty one is.',
    holds: ({ call, ours, theirs }) => call.fields?.['filter'] === '  ' && ours.status === 200 && theirs.code === bad,
  },
  {
    what: 'A run is restored only when its experiment is',
    why: 'An active run of a deleted experiment would be found nowhere.',
    holds: ({ call, ours, theirs }) => isTo(call, 'runs/restore') && ours.code === bad && theirs.status === 200,
  },
  {
    what: 'A run that was deleted before its experiment stays deleted when that is restored',
    why: 'It was deleted for a reason of its own. MLflow restores all runs of the experiment.',
    parts: true,
    holds: ({ call }, before) =>
      isInOrder(before, ['runs/delete', 'experiments/delete', 'experiments/restore']) && /\/(runs|metrics)\//.test(call.path),
  },
  {
    what: 'A path of nothing but blanks is the name of a folder',
    why: 'MLflow takes it for none.',
    holds: ({ call }) => call.fault === 'unknown' && call.fields?.['path'] === '  ',
  },
  {
    what: 'Files are kept for what is there: not for a missing run or logged model, nor for a deleted run',
    why: 'MLflow keeps any file at any address, and nothing ever removes it.',
    holds: ({ call, ours, theirs }) =>
      (call.method === 'PUT' || call.method === 'DELETE') &&
      call.path.startsWith(proxy) &&
      (ours.code === gone || ours.code === bad) &&
      theirs.status === 200,
  },
  {
    what: 'Values in double quotes mean the same in searches of logged models',
    why: 'As in all other searches. MLflow takes these quotes for a part of the value there.',
    holds: ({ call, at }) =>
      isTo(call, 'logged-models/search') && at.startsWith('.models') && /"[^"]*"/.test(String(call.fields?.['filter'])),
  },
  {
    what: 'An order says each thing once',
    why: 'MLflow refuses a second time for runs, and takes it elsewhere.',
    holds: (difference) => difference.ours.code === bad && messages(difference).mine.includes('expected each name once'),
  },
  {
    what: 'A logged model tells the latest value of each metric, by run and data set, and is found by it',
    why: 'All points are in the history of the run. MLflow tells each of them, and finds a model by any.',
    holds: ({ call, at, ours, theirs }, before) =>
      /\/logged-models\//.test(call.path) &&
      at.startsWith('.model') &&
      isMeasuredTwice(before) &&
      (/metrics/.test(JSON.stringify([call.fields?.['filter'], call.fields?.['order_by']])) ||
        JSON.stringify(theirs.body).length > JSON.stringify(ours.body).length),
  },
  {
    what: 'The tables that only deleted runs used are not listed',
    why: 'As the runs themselves are not. MLflow lists them.',
    holds: ({ call, at }, before) =>
      call.path.endsWith('experiments/search-datasets') &&
      at.startsWith('.dataset_summaries') &&
      before.some((one) => isTo(one, 'runs/delete', 'experiments/delete')),
  },
  {
    what: 'Logged models without a type come last in either order by it',
    why: 'As all that lacks what is ordered by. MLflow has them first where the order ascends.',
    holds: ({ call, ours, theirs }) =>
      isTo(call, 'logged-models/search') &&
      JSON.stringify(call.fields?.['order_by'] ?? []).includes('model_type') &&
      JSON.stringify(modelsIn(ours.body)) === JSON.stringify(modelsIn(theirs.body)),
  },
  {
    what: 'A folder is there as long as a file is in it',
    why: 'Where the last file of a folder was removed, MLflow still lists the folder.',
    holds: ({ call, ours, theirs }) => {
      if (call.method !== 'GET' || !(call.path === proxy || isTo(call, 'artifacts/list'))) return false;
      const [mine, peers] = [filesIn(ours.body), filesIn(theirs.body)];
      const kept = peers.filter((file) => !file.is_dir || mine.some(({ path }) => path === file.path));
      return kept.length < peers.length && JSON.stringify(kept) === JSON.stringify(mine);
    },
  },
  {
    what: 'The root of the artifact proxy lists nothing',
    why: 'It would show the files of every experiment to whoever may read one.',
    holds: ({ call, ours }) => call.method === 'GET' && call.path === proxy && !call.fields?.['path'] && JSON.stringify(ours.body) === '{}',
  },
  {
    what: 'Numbers in filters may have a fraction',
    why: 'MLflow refuses them beside times and version numbers.',
    holds: (difference) => difference.ours.status === 200 && /Invalid value for numeric attribute/.test(messages(difference).peers),
  },
  {
    what: 'A search for no rows, or for more than the most that is documented, is refused',
    why: 'MLflow takes some of these for another number, or for everything.',
    holds: ({ call, ours, theirs }) =>
      // MLflow's first page may come, and its second be refused.
      call.fault === 'range' && ours.code === bad && (theirs.status === 200 || theirs.code?.startsWith('on page') === true),
  },
  {
    what: 'A field that the address says already is not read in the body',
    why: 'MLflow checks its type there, and goes by the body where the two differ.',
    holds: ({ call, ours, theirs }) => {
      const [, inAddress] = /logged-models\/(«[^»]+»)/.exec(call.path) ?? [];
      const inBody = call.fields?.['model_id'];
      return inAddress !== undefined && inBody !== inAddress && ours.status === 200 && (theirs.code === bad || theirs.code === gone);
    },
  },
  {
    what: 'Experiment ids that nothing can have find no runs and no logged models',
    why: 'Unknown ones find nothing either.',
    holds: (difference) =>
      isTo(difference.call, 'runs/search', 'logged-models/search') &&
      difference.ours.status === 200 &&
      messages(difference).peers.startsWith('Invalid experiment ID'),
  },
  {
    what: '`runs/create` without `start_time` begins now',
    why: 'MLflow stores 0, and its pages show 1970.',
    parts: true,
    holds: ({ call, at }) => at.endsWith('start_time') && (call.fields?.['start_time'] ?? '') === '',
  },
  {
    what: 'A description that is not said is empty',
    why: 'MLflow leaves the field out after an update that names none.',
    holds: ({ call, at, theirs }) =>
      isTo(call, 'model-versions/update') && at.endsWith('.description') && !JSON.stringify(theirs.body).includes('"description"'),
  },
];

/** What the replay does not compare, or never says. */
export const untold: readonly Omit<Explanation, 'holds'>[] = [
  {
    what: 'NaN that was measured of a logged model stays NaN',
    why: 'MLflow keeps it of the run, and 0 of the model.',
  },
  {
    what: 'Filters may have OR, NOT, parentheses, and IN everywhere',
    why: 'What MLflow understands has the same meaning here.',
  },
  {
    what: "The words of a refusal differ, but for those that MLflow's clients look for",
    why: 'They say what to do next. Programs go by `error_code`.',
  },
  {
    what: '`users/roles/list` has one role for each user, of what they were given in the workspace that is asked for',
    why: 'There are no roles to share, and none of their other routes. What was given over one thing counts before what was given in its project; MLflow takes the most of both.',
  },
  {
    what: 'Over a scorer alone nothing is given, and over all things of a kind only a role in the project is',
    why: "A scorer is its experiment's. What was given over a prompt is told as that over a registered model, which it is.",
  },
  {
    what: 'Page tokens are opaque, and none follows a last page that is full',
    why: 'They hold a place in the order, so that a page costs the same however far back it is.',
  },
  {
    what: 'Ids of runs and logged models begin with the time they were made at',
    why: "They have the length and the letters that MLflow's have.",
  },
  {
    what: 'A folder of artifacts is not downloaded as a file',
    why: 'MLflow answers 500; here it is not found.',
  },
];
