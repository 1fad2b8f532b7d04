import type { ModelVersion } from '@boucle/contract';
import { Link } from '@tanstack/react-router';
import { useI18n } from '../../i18n/i18n.tsx';
import { CopyText } from '../../ui/copy-text.tsx';
import { RunLink } from '../../ui/run-link.tsx';
import { ScrollTable } from '../../ui/scroll-table.tsx';
import { shortDigest } from '../../ui/shorten.ts';
import { evidenceOf, headlineKeys } from './headline.ts';
import { Measured } from './measured.tsx';
import { useModelWords } from './use-model-words.ts';

/** Each version with what it is called, how good it is, and who made it. */
export const VersionsTable = ({ versions }: { versions: readonly ModelVersion[] }) => {
  const words = useModelWords();
  const keys = headlineKeys(versions);
  return (
    <ScrollTable label={words.versions.title}>
      <thead>
        <tr>
          <th scope="col">{words.versions.version}</th>
          <th scope="col">{words.aliases}</th>
          {keys.map((key) => (
            <th key={key} scope="col" className="cell-number mono">
              {key}
            </th>
          ))}
          <th scope="col">{words.versions.stage}</th>
          <th scope="col">{words.versions.run}</th>
          <th scope="col">{words.versions.digest}</th>
          <th scope="col">{words.versions.by}</th>
        </tr>
      </thead>
      <tbody>
        {versions.map((version) => (
          <VersionRow key={version.id} version={version} keys={keys} />
        ))}
      </tbody>
    </ScrollTable>
  );
};

const VersionRow = ({ version, keys }: { version: ModelVersion; keys: readonly string[] }) => {
  const { f } = useI18n();
  const words = useModelWords();
  const { project, model, number, aliases, stage, digest, runId, createdAt, createdBy } = version;
  return (
    <tr>
      <th scope="row">
        <Link to="/p/$project/models/$model/$number" params={{ project, model, number: String(number) }} className="text-link">
          {words.version(number)}
        </Link>
      </th>
      <td>
        {aliases.length === 0 ? (
          <span className="quiet">{words.none}</span>
        ) : (
          <ul className="chips plain-list">
            {aliases.map((alias) => (
              <li key={alias} className="chip" dir="auto">
                {alias}
              </li>
            ))}
          </ul>
        )}
      </td>
      {keys.map((key) => {
        const evidence = evidenceOf(version, key);
        return (
          <td key={key} className="cell-number">
            {evidence ? <Measured {...evidence} /> : words.none}
          </td>
        );
      })}
      <td>{words.stages[stage]}</td>
      <td>{runId === null ? <span className="quiet">{words.none}</span> : <RunLink project={project} runId={runId} />}</td>
      <td className="nowrap">
        {digest === null ? <span className="quiet">{words.versions.notHere}</span> : <CopyText text={digest} shown={shortDigest(digest)} />}
      </td>
      <td>
        <time dateTime={createdAt} title={f.moment(Date.parse(createdAt))} className="nowrap">
          {f.dayHour(Date.parse(createdAt))}
        </time>{' '}
        <span className="quiet">{createdBy}</span>
      </td>
    </tr>
  );
};
