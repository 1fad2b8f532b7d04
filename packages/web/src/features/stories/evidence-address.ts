/** What a piece of evidence is, and where it can be looked at: on a page of ours, or as the server's own answer. */
export type EvidenceAddress =
  | { readonly kind: 'rollout' | 'window' | 'alert' | 'story'; readonly id: string }
  | { readonly kind: 'version'; readonly name: string; readonly model: string; readonly number: string }
  | { readonly kind: 'datasetVersion'; readonly name: string; readonly dataset: string; readonly number: string }
  | { readonly kind: 'pipelineRun'; readonly name: string; readonly id: string }
  | { readonly kind: 'evidence' | 'approval' | 'endpoint' | 'other'; readonly name: string };

/** Evidence is given as addresses of the API: `/api/v1/projects/airline/rollouts/…`. */
export const evidenceAddress = (href: string, what: string): EvidenceAddress => {
  const [, , , , , kind, first = '', second, third] = href.split('?', 1)[0]!.split('/').map(decoded);
  switch (kind) {
    case 'rollouts':
      return second === 'evidence' ? { kind: 'evidence', name: what } : { kind: 'rollout', id: first };
    case 'monitors':
      return second === 'windows' && third ? { kind: 'window', id: third } : { kind: 'other', name: what };
    case 'monitor-windows':
      return { kind: 'window', id: first };
    case 'alerts':
      return { kind: 'alert', id: first };
    case 'stories':
      return { kind: 'story', id: first };
    case 'approvals':
      return { kind: 'approval', name: what };
    case 'pipeline-runs':
      return { kind: 'pipelineRun', name: what, id: first };
    case 'endpoints':
      return { kind: 'endpoint', name: first };
    case 'models':
      return third === undefined
        ? { kind: 'other', name: what }
        : { kind: 'version', name: `${first} v${third}`, model: first, number: third };
    case 'datasets':
      return third === undefined
        ? { kind: 'other', name: what }
        : { kind: 'datasetVersion', name: `${first} v${third}`, dataset: first, number: third };
    default:
      return { kind: 'other', name: what };
  }
};

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    // A stray percent sign is part of the name.
    return part;
  }
};
