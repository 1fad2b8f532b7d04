/** What of the runs page is in its address: a link shows a colleague the same. */
export interface RunsSearch {
  readonly q?: string;
  /** `-metrics.f1`: a minus for descending. */
  readonly sort?: string;
  /** `metrics.f1,params.C`: no key has a comma in it. */
  readonly columns?: string;
  /** Ids, with commas between them. */
  readonly experiments?: string;
  /** `params.C`: rows that have the same of it stand together. */
  readonly group?: string;
}
const keys = ['q', 'sort', 'columns', 'experiments', 'group'] as const;

/** Others' addresses may hold anything: what is no text is not there. */
export const runsSearch = (search: Record<string, unknown>): RunsSearch => textsOf(keys, search);

/** A run's page: which artifact is looked at, and how its curves are drawn. */
export interface RunSearch extends CurveSearch {
  readonly folder?: string;
  readonly file?: string;
  readonly find?: string;
}
/** How curves are drawn. */
export interface CurveSearch {
  readonly axis?: string;
  readonly smooth?: string;
  readonly log?: string;
  /** `100~200`: the stretch that is zoomed into. */
  readonly zoom?: string;
}
const curveKeys = ['axis', 'smooth', 'log', 'zoom'] as const;
export const runSearch = (search: Record<string, unknown>): RunSearch => textsOf([...curveKeys, 'folder', 'file', 'find'] as const, search);

export interface RunComparisonSearch extends CurveSearch {
  readonly ids?: string;
  readonly find?: string;
  readonly x?: string;
  readonly y?: string;
  /** Whether parameters that are the same in all runs are shown too. */
  readonly equal?: string;
}
export const runComparisonSearch = (search: Record<string, unknown>): RunComparisonSearch =>
  textsOf([...curveKeys, 'ids', 'find', 'x', 'y', 'equal'] as const, search);

const textsOf = <K extends string>(names: readonly K[], search: Record<string, unknown>): { readonly [key in K]?: string } =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = search[name];
      return (typeof value === 'string' && value !== '') || typeof value === 'number' || value === true ? [[name, String(value)]] : [];
    }),
  ) as { readonly [key in K]?: string };
