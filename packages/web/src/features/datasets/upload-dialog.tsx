import type { DatasetVersion, IngestOptions } from '@boucle/contract';
import { ApiError } from '@boucle/sdk';
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { client } from '../../app/client.ts';
import { useI18n } from '../../i18n/i18n.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ServerText } from '../../ui/server-text.tsx';
import { shortCell } from './cell-text.ts';
import { dataKey } from './queries.ts';
import { useDataWords } from './use-data-words.ts';
import '../../ui/dialog.css';

interface UploadDialogProps {
  readonly project: string;
  /** Asked for where it is not said. */
  readonly dataset?: string | undefined;
  readonly onClose: () => void;
}

/** A file becomes a version, or is refused with the lines that are wrong in it. */
export const UploadDialog = ({ project, dataset, onClose }: UploadDialogProps) => {
  const { upload: words } = useDataWords();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [name, setName] = useState(dataset ?? '');
  const [file, setFile] = useState<File>();
  const [key, setKey] = useState('');
  const [encoding, setEncoding] = useState<NonNullable<IngestOptions['encoding']>>('utf-8');
  const sent = useMutation({
    mutationFn: ({ data, options }: { data: File; options: IngestOptions }) =>
      client.datasets.versions.create({ params: { project, dataset: name.trim() }, query: { options: JSON.stringify(options) }, data }),
    onSuccess: async ({ version, created }) => {
      await queries.invalidateQueries({ queryKey: dataKey(project) });
      if (created) await show(version);
    },
  });
  const show = async ({ dataset: of, number }: DatasetVersion) => {
    onClose();
    await navigate({ to: '/p/$project/data/$dataset/$number', params: { project, dataset: of, number: String(number) }, search: {} });
  };
  const send = () => {
    const columns = key.split(',').flatMap((column) => column.trim() || []);
    if (file && name.trim() !== '')
      sent.mutate({
        data: file,
        options: {
          source: file.name.slice(0, 1000),
          ...(columns.length > 0 && { key: columns }),
          ...(encoding !== 'utf-8' && { encoding }),
        },
      });
  };
  return (
    <Dialog title={words.title(dataset)} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!sent.isPending) send();
        }}
      >
        {dataset === undefined && (
          <label className="field">
            {words.dataset}
            <input
              value={name}
              maxLength={128}
              pattern="[A-Za-z0-9][A-Za-z0-9._\-]*"
              required
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <span className="field-hint">{words.datasetHint}</span>
          </label>
        )}
        <label className="field">
          {words.file}
          <input
            type="file"
            accept=".csv,.tsv,.tab,.jsonl,.ndjson,.parquet,.txt"
            required
            onChange={(event) => setFile(event.currentTarget.files?.[0])}
          />
          <span className="field-hint">{words.fileHint}</span>
        </label>
        <label className="field">
          {words.key}
          <input value={key} maxLength={2000} onChange={(event) => setKey(event.currentTarget.value)} />
          <span className="field-hint">{words.keyHint}</span>
        </label>
        <label className="field">
          {words.encoding}
          <select value={encoding} onChange={(event) => setEncoding(event.currentTarget.value === 'latin1' ? 'latin1' : 'utf-8')}>
            <option value="utf-8">UTF-8</option>
            <option value="latin1">Latin-1</option>
          </select>
        </label>
        {sent.error && <Refusal error={sent.error} />}
        {sent.data && !sent.data.created && (
          <p className="field-said" role="status">
            {words.same(sent.data.version.number)}{' '}
            <Link
              to="/p/$project/data/$dataset/$number"
              params={{ project, dataset: sent.data.version.dataset, number: String(sent.data.version.number) }}
              className="text-link"
              onClick={onClose}
            >
              {words.show}
            </Link>
          </p>
        )}
        <div className="dialog-actions">
          <Button variant="default" onClick={onClose}>
            {words.keep}
          </Button>
          <Button type="submit" disabled={!file || name.trim() === ''} loading={sent.isPending}>
            {words.send}
          </Button>
        </div>
      </form>
    </Dialog>
  );
};

/** The sentence names the first line; the others follow, so that a file can be mended in one go. */
const Refusal = ({ error }: { error: Error }) => {
  const { t } = useI18n();
  const { upload: words } = useDataWords();
  const issues = issuesOf(error);
  return (
    <div className="field-wrong" role="alert">
      <ServerText text={shortCell(error instanceof ApiError ? error.message : t.problem.silentBody, 600)} />
      {issues.length > 1 && (
        <>
          <p className="issues-title">{words.issues}</p>
          <ul className="issues">
            {issues.slice(0, 20).map((issue) => (
              <li key={issue}>
                <ServerText text={shortCell(issue, 300)} />
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
};

const issuesOf = (error: Error): string[] => {
  const issues = error instanceof ApiError ? error.details?.['issues'] : undefined;
  return Array.isArray(issues)
    ? issues.flatMap((issue: { message?: unknown }) => (typeof issue?.message === 'string' ? [issue.message] : []))
    : [];
};
