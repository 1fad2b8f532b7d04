/** The pages of a project, in the order of the navigation. */
export const pages = [
  'overview',
  'stories',
  'data',
  'pipelines',
  'runs',
  'comparison',
  'models',
  'endpoints',
  'monitoring',
  'rollouts',
] as const;
export type PageName = (typeof pages)[number];

/** Which of them an address belongs to. */
export const pageOf = (pathname: string): PageName => {
  const segment = pathname.split('/')[3];
  if (segment === 'predictions') return 'endpoints';
  if (segment === 'alerts') return 'monitoring';
  if (segment === 'pipeline-runs') return 'pipelines';
  return pages.find((page) => page === segment) ?? 'overview';
};
