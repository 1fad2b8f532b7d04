import { useQuery } from '@tanstack/react-query';
import { client } from '../../app/client.ts';
import { useI18n } from '../../i18n/i18n.tsx';
import { Problem } from '../../ui/problem.tsx';
import { bytesText } from './bytes-text.ts';
import { imageMediaOf, jsonText, type PreviewKind, previewKindOf, tableOf, textOf } from './preview.ts';
import { runsKey } from './queries.ts';
import { useRunsWords } from './use-runs-words.ts';

interface ArtifactProps {
  readonly project: string;
  readonly runId: string;
  readonly path: string;
}
/** So much of a text is shown, and so large an image. */
const most = { text: 512 * 1024, image: 5 * 1024 * 1024 };
const mostRows = 100;
const mostCells = 60;

interface Read {
  readonly bytes: Uint8Array;
  readonly size: number;
}

export const artifactHref = ({ project, runId, path }: ArtifactProps): string =>
  `/api/v1/projects/${encodeURIComponent(project)}/runs/${runId}/artifact?path=${encodeURIComponent(path)}`;

/** Nothing of a file runs, whatever it says that it is: it becomes text, a picture by its own bytes, or a page in a frame that may do nothing. */
export const ArtifactPreview = ({ project, runId, path }: ArtifactProps) => {
  const words = useRunsWords().run.artifacts;
  const kind = previewKindOf(path);
  const isShown = kind !== 'none' && kind !== 'pdf';
  const read = useQuery({
    queryKey: [...runsKey(project), 'artifact', runId, path],
    queryFn: ({ signal }) => readStart({ project, runId, path }, kind === 'image' ? most.image : most.text, signal),
    enabled: isShown,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <section className="artifact" aria-label={path}>
      <header className="artifact-head">
        <span className="mono artifact-path" dir="auto">
          {path}
        </span>
        <a className="text-link" href={artifactHref({ project, runId, path })} download>
          {words.download}
        </a>
      </header>
      {!isShown && <p className="small-note">{kind === 'pdf' ? words.pdf : words.noPreview}</p>}
      {isShown && read.isPending && (
        <p className="small-note" role="status">
          {words.loading}
        </p>
      )}
      {read.error && !read.data && <Problem error={read.error} onRetry={() => void read.refetch()} />}
      {read.data && <Content read={read.data} kind={kind} path={path} />}
    </section>
  );
};

const readStart = async ({ project, runId, path }: ArtifactProps, bytes: number, signal: AbortSignal): Promise<Read> => {
  const range = { start: 0, end: bytes - 1 };
  const response = await client.runs.artifacts.get({ params: { project, runId }, query: { path } }, { range, signal });
  const body = new Uint8Array(await response.arrayBuffer());
  return { bytes: body, size: Number(response.headers.get('content-range')?.split('/')[1] ?? body.length) };
};

const Content = ({ read: { bytes, size }, kind, path }: { read: Read; kind: PreviewKind; path: string }) => {
  const { f } = useI18n();
  const words = useRunsWords().run.artifacts;
  const written = (n: number): string => bytesText(f, n);
  if (size === 0) return <p className="small-note">{words.empty}</p>;
  const media = kind === 'image' ? imageMediaOf(bytes) : undefined;
  if (media && bytes.length < size) return <p className="small-note">{words.tooLarge(written(size))}</p>;
  if (media) return <img className="artifact-image" src={dataUrl(media, bytes)} alt={path} />;
  const text = textOf(bytes.subarray(0, most.text));
  if (text === undefined) return <p className="small-note">{words.binary}</p>;
  return (
    <>
      {kind === 'image' && <p className="small-note">{words.notImage}</p>}
      {kind === 'html' ? (
        <Page text={text} path={path} />
      ) : kind === 'table' ? (
        <Rows text={text} path={path} />
      ) : (
        <Text text={kind === 'json' ? jsonText(text) : text} path={path} />
      )}
      {Math.min(bytes.length, most.text) < size && (
        <p className="small-note num">{words.cut(written(Math.min(bytes.length, most.text)), written(size))}</p>
      )}
    </>
  );
};

const Page = ({ text, path }: { text: string; path: string }) => {
  const words = useRunsWords().run.artifacts;
  return (
    <>
      <p className="small-note">{words.sandbox}</p>
      {/* An empty sandbox: no script, no form, no window, an origin of its own; the page's policy holds in it too. */}
      <iframe className="artifact-page" sandbox="" srcDoc={text} title={path} />
    </>
  );
};

const Text = ({ text, path }: { text: string; path: string }) => (
  <pre className="artifact-text" tabIndex={0} aria-label={path} dir="auto">
    {text}
  </pre>
);

const Rows = ({ text, path }: { text: string; path: string }) => {
  const { f } = useI18n();
  const words = useRunsWords().run.artifacts;
  const [head = [], ...rows] = tableOf(text, path.toLowerCase().endsWith('.tsv') ? '\t' : ',', mostRows + 1);
  return (
    <>
      <div className="artifact-rows" role="group" tabIndex={0} aria-label={path}>
        <table className="table num">
          <thead>
            <tr>
              {head.slice(0, mostCells).map((cell, i) => (
                <th key={i} scope="col">
                  {cell.slice(0, 200)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, i) => (
              <tr key={i}>
                {row.slice(0, mostCells).map((cell, k) => (
                  <td key={k}>{cell.slice(0, 500)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length === mostRows && <p className="small-note">{words.rows(f.number(mostRows))}</p>}
    </>
  );
};

/** The page's policy lets images come from its own origin and from such addresses only. */
const dataUrl = (media: string, bytes: Uint8Array): string => {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return `data:${media};base64,${btoa(text)}`;
};
