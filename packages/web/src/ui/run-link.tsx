import { Link } from '@tanstack/react-router';
import { shortId } from './shorten.ts';

/** Leads to the page of a run. */
export const RunLink = ({ project, runId, name }: { project: string; runId: string; name?: string | undefined }) => (
  <Link to="/p/$project/runs/$runId" params={{ project, runId }} className="text-link" title={runId}>
    <bdi>{name ?? shortId(runId)}</bdi>
  </Link>
);
