import type { Plan, StepStatus } from '@boucle/contract';
import { Link } from '@tanstack/react-router';
import { type KeyboardEvent, useMemo, useRef } from 'react';
import { useI18n } from '../../i18n/i18n.tsx';
import { Icon } from '../../ui/icon.tsx';
import { StatusMark } from '../../ui/status.tsx';
import { stepMark } from '../overview/step-status.ts';
import { type Graph, type GraphNode, neighbourOf, planGraph } from './plan-graph.ts';
import { usePipelineWords } from './use-pipeline-words.ts';

const box = { width: 168, height: 42 };
const gap = { x: 46, y: 14 };
const edge = 4;

interface StepGraphProps {
  readonly project: string;
  readonly plan: Plan;
  /** Of a run; a plan alone has none. */
  readonly run?: {
    readonly id: string;
    readonly statuses: ReadonlyMap<string, StepStatus>;
    readonly versions: Readonly<Record<string, number>>;
  };
  readonly chosen?: string | undefined;
}

/** Steps in layers from left to right. Tab enters it once, arrow keys walk along its lines; each thing leads to its place. */
export const StepGraph = ({ project, plan, run, chosen }: StepGraphProps) => {
  const { graph: words } = usePipelineWords();
  const graph = useMemo(() => planGraph(plan), [plan]);
  const here = useRef<HTMLDivElement>(null);
  const walk = (event: KeyboardEvent) => {
    const id = (event.target as HTMLElement).dataset['node'];
    const next = id === undefined ? undefined : neighbourOf(graph, id, event.key);
    if (next === undefined) return;
    event.preventDefault();
    here.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(next)}"]`)?.focus();
  };
  const [width, height] = [
    graph.layers * (box.width + gap.x) - gap.x + edge * 2,
    Math.max(1, graph.rows) * (box.height + gap.y) - gap.y + edge * 2,
  ];
  const entry = graph.nodes.some(({ id }) => id === chosen) ? chosen : graph.nodes[0]?.id;
  return (
    <div className="graph" ref={here} onKeyDown={walk} role="group" aria-label={words.label}>
      <div className="graph-space" style={{ width, height }}>
        <svg width={width} height={height} aria-hidden="true" className="graph-lines">
          {graph.edges.map(({ from, to }) => (
            <path
              key={`${from} ${to}`}
              d={lineOf(graph, from, to)}
              className={from === chosen || to === chosen ? 'graph-line-chosen' : undefined}
            />
          ))}
        </svg>
        {graph.nodes.map((node) => (
          <Node key={node.id} node={node} project={project} run={run} isChosen={node.id === chosen} isEntry={node.id === entry} />
        ))}
      </div>
    </div>
  );
};

const placeOf = ({ layer, row }: GraphNode) => ({ left: edge + layer * (box.width + gap.x), top: edge + row * (box.height + gap.y) });

const lineOf = ({ nodes }: Graph, from: string, to: string): string => {
  const [a, b] = [nodes.find(({ id }) => id === from)!, nodes.find(({ id }) => id === to)!].map(placeOf) as [
    ReturnType<typeof placeOf>,
    ReturnType<typeof placeOf>,
  ];
  const [x1, y1, x2, y2] = [a.left + box.width, a.top + box.height / 2, b.left, b.top + box.height / 2];
  const bend = Math.min(60, (x2 - x1) / 2);
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
};

interface NodeProps {
  readonly node: GraphNode;
  readonly project: string;
  readonly run: StepGraphProps['run'];
  readonly isChosen: boolean;
  readonly isEntry: boolean;
}
const Node = ({ node, project, run, isChosen, isEntry }: NodeProps) => {
  const { t } = useI18n();
  const { graph: words } = usePipelineWords();
  const common = { style: { ...placeOf(node), ...box }, 'data-node': node.id, tabIndex: isEntry ? 0 : -1, activeProps: {} };
  if (node.kind === 'input') {
    const number = run?.versions[node.name];
    const inside = (
      <>
        <Icon name="data" size={14} />
        <span className="graph-text">
          <span className="clip">{node.dataset}</span>
          <span className="graph-state">{number === undefined ? words.dataset : `v${number}`}</span>
        </span>
      </>
    );
    return number === undefined ? (
      <Link to="/p/$project/data/$dataset" params={{ project, dataset: node.dataset! }} className="graph-node graph-input" {...common}>
        {inside}
      </Link>
    ) : (
      <Link
        to="/p/$project/data/$dataset/$number"
        params={{ project, dataset: node.dataset!, number: String(number) }}
        search={{}}
        className="graph-node graph-input"
        {...common}
      >
        {inside}
      </Link>
    );
  }
  const status = run?.statuses.get(node.id) ?? (run ? 'waiting' : undefined);
  const inside = (
    <>
      {status && <StatusMark mark={stepMark(status)} size={15} />}
      <span className="graph-text">
        <span className="clip" title={node.name}>
          {node.name}
        </span>
        {status && <span className="graph-state">{t.steps.status[status]}</span>}
      </span>
    </>
  );
  // A plan alone leads nowhere; it is still walked through, and read.
  if (!run)
    return (
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      <div className="graph-node" style={common.style} data-node={node.id} tabIndex={common.tabIndex}>
        {inside}
      </div>
    );
  return (
    <Link
      to="/p/$project/pipeline-runs/$pipelineRunId"
      params={{ project, pipelineRunId: run.id }}
      search={{ step: node.id }}
      resetScroll={false}
      className={`graph-node graph-${status}${isChosen ? ' graph-chosen' : ''}`}
      aria-current={isChosen ? 'true' : undefined}
      {...common}
    >
      {inside}
    </Link>
  );
};
