import type { ModelVersion, TensorSpec } from '@boucle/contract';
import { useQuery } from '@tanstack/react-query';
import { Panel } from '../../ui/panel.tsx';
import { fileQuery, filesQuery } from './queries.ts';
import { useModelWords } from './use-model-words.ts';

/** What a version takes and gives, with a row that it takes. */
export const SignaturePanel = ({ version }: { version: ModelVersion }) => {
  const { signature: words } = useModelWords();
  const { signature, labels, digest, project } = version;
  const files = useQuery(filesQuery(project, digest)).data ?? [];
  const blobOf = (path: string) => files.find((file) => file.path === path)?.blob;
  const example = useQuery(fileQuery(project, blobOf('input_example.json'))).data;
  const expected = useQuery(fileQuery(project, blobOf('expected_output.json'))).data;
  return (
    <Panel title={words.title} note={words.note}>
      {signature === null ? (
        <p className="quiet">{words.none}</p>
      ) : (
        <table className="table num">
          <thead>
            <tr>
              <td />
              <th scope="col">{words.column}</th>
              <th scope="col">{words.type}</th>
              <th scope="col">{words.shape}</th>
            </tr>
          </thead>
          <tbody>
            {signature.inputs.map((spec) => (
              <SpecRow key={spec.name} spec={spec} way={words.way.in} />
            ))}
            {signature.outputs.map((spec) => (
              <SpecRow key={spec.name} spec={spec} way={words.way.out} />
            ))}
          </tbody>
        </table>
      )}
      {labels.length > 0 && (
        <>
          <h3 className="sub-title">{words.labels}</h3>
          <ul className="chips plain-list">
            {labels.slice(0, 50).map((label) => (
              <li key={label} className="chip" dir="auto">
                {label}
              </li>
            ))}
          </ul>
        </>
      )}
      {example && (
        <>
          <h3 className="sub-title">{words.example}</h3>
          <Source text={example} label={words.example} />
          {expected && (
            <>
              <p className="quiet small">{words.expected}</p>
              <Source text={expected} label={words.expected} />
            </>
          )}
        </>
      )}
    </Panel>
  );
};

const SpecRow = ({ spec: { name, datatype, shape }, way }: { spec: TensorSpec; way: string }) => (
  <tr>
    <td className="quiet">{way}</td>
    <th scope="row" className="mono" dir="auto">
      {name}
    </th>
    <td className="mono">{datatype}</td>
    <td className="mono">[{shape.join(', ')}]</td>
  </tr>
);

/** A text of the package, as it stands there. */
export const Source = ({ text, label }: { text: string; label: string }) => (
  // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
  <pre className="source" tabIndex={0} role="group" aria-label={label}>
    {text}
  </pre>
);
