import type { ModelComparison } from '@boucle/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useI18n } from '../../i18n/i18n.tsx';
import { LivePage } from '../../live/live-page.tsx';
import { useLiveProject } from '../../live/use-live-project.ts';
import { CopyText } from '../../ui/copy-text.tsx';
import { Empty } from '../../ui/empty.tsx';
import { StatusMark } from '../../ui/status.tsx';
import { CostPanel } from './cost-panel.tsx';
import { CurvePanel } from './curve-panel.tsx';
import { PairsPanel } from './pairs-panel.tsx';
import { QualityPanel } from './quality-panel.tsx';
import { comparisonQuery, type Found } from './queries.ts';
import { SlicesPanel } from './slices-panel.tsx';
import { useComparisonWords } from './use-comparison-words.ts';
import '../../ui/facts.css';
import './comparison.css';

/** Which approach is best, and what does it cost? */
export const ComparisonPage = () => {
  const { t } = useI18n();
  const words = useComparisonWords();
  const { project } = useParams({ from: '/p/$project/comparison' });
  const query = comparisonQuery(project);
  const found = useQuery(query);
  const live = useLiveProject({ project, concerns: ({ type }) => type === 'pipeline_run.ended', keys: [query.queryKey] });
  return (
    <LivePage
      project={project}
      title={t.nav.comparison}
      lead={found.data ? <Lead found={found.data} project={project} /> : words.question}
      query={found}
      live={live}
    >
      {(known) =>
        known ? (
          <Loaded comparison={known.comparison} />
        ) : (
          <Empty icon="comparison" title={words.empty.title} body={words.empty.body}>
            {words.empty.next} <CopyText text="npm run compare -- --open" />
          </Empty>
        )
      }
    </LivePage>
  );
};

const Lead = ({ found: { comparison, run }, project }: { found: Found; project: string }) => {
  const { t, f } = useI18n();
  const words = useComparisonWords();
  const { chosen, metric, of, rows } = comparison;
  return (
    <span className="comparison-lead num">
      <StatusMark mark="ok" size={14} />
      <strong>{words.chosen(chosen, t.metric(metric, of || null), f.number(rows.validation))}</strong>
      <span>{words.reported(f.number(rows.test), f.number(rows.train))}</span>
      <Link to="/p/$project/stories/$id" params={{ project, id: run.correlationId }} className="text-link">
        {words.run(run.pipeline, run.number)}
      </Link>
    </span>
  );
};

const Loaded = ({ comparison }: { comparison: ModelComparison }) => {
  const { f } = useI18n();
  const words = useComparisonWords();
  const { assumed, machine } = comparison;
  return (
    <div className="comparison">
      <div className="comparison-pair">
        <QualityPanel comparison={comparison} />
        <CurvePanel comparison={comparison} />
      </div>
      <CostPanel comparison={comparison} />
      <SlicesPanel comparison={comparison} />
      <PairsPanel comparison={comparison} />
      <p className="quiet num">
        {words.machine(f.number(machine.cpus), machine.cpu, machine.platform, machine.node)}{' '}
        {words.assumed(f.figure(assumed.wattsPerCpu), `${f.figure(assumed.pricePerCpuHour)} ${assumed.currency}`)}
      </p>
    </div>
  );
};
