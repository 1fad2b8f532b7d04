import { Link } from '@tanstack/react-router';
import { useWords } from '../../i18n/use-words.ts';
import { Icon } from '../../ui/icon.tsx';
import { evidenceAddress } from './evidence-address.ts';
import { en } from './words-en.ts';
import { fr } from './words-fr.ts';

/** Leads to the page of the evidence; where there is none, to what the server itself says of it. */
export const EvidenceLink = ({ project, what, href }: { project: string; what: string; href: string }) => {
  const words = useWords({ en, fr });
  const to = evidenceAddress(href, what);
  const text = words.evidence(to);
  switch (to.kind) {
    case 'rollout':
      return (
        <Link to="/p/$project/rollouts/$id" params={{ project, id: to.id }} className="text-link">
          {text}
        </Link>
      );
    case 'story':
      return (
        <Link to="/p/$project/stories/$id" params={{ project, id: to.id }} className="text-link">
          {text}
        </Link>
      );
    case 'window':
      return (
        <Link to="/p/$project/monitoring" params={{ project }} search={{ window: to.id }} className="text-link">
          {text}
        </Link>
      );
    case 'alert':
      return (
        <Link to="/p/$project/monitoring" params={{ project }} search={{ alert: to.id }} className="text-link">
          {text}
        </Link>
      );
    case 'version':
      return (
        <Link to="/p/$project/models/$model/$number" params={{ project, model: to.model, number: to.number }} className="text-link">
          {text}
        </Link>
      );
    case 'datasetVersion':
      return (
        <Link to="/p/$project/data/$dataset/$number" params={{ project, dataset: to.dataset, number: to.number }} className="text-link">
          {text}
        </Link>
      );
    case 'pipelineRun':
      return (
        <Link to="/p/$project/pipeline-runs/$pipelineRunId" params={{ project, pipelineRunId: to.id }} className="text-link">
          {text}
        </Link>
      );
    case 'endpoint':
      return (
        <Link to="/p/$project/endpoints/$endpoint" params={{ project, endpoint: to.name }} className="text-link">
          {text}
        </Link>
      );
    default:
      return (
        <a href={href} className="text-link raw-link">
          {text} <span className="raw-note">{words.raw}</span>
          <Icon name="out" size={12} />
        </a>
      );
  }
};
