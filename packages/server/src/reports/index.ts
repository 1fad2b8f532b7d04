export { createReports, type OverviewSources, type ReportParts, type Reports } from './reports.ts';
export type { TraceSources } from './trace.ts';
