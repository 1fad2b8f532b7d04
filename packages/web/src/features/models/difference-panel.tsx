import type { Evidence, ModelVersion, Signature, TreeEntry } from '@boucle/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useI18n } from '../../i18n/i18n.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ScrollTable } from '../../ui/scroll-table.tsx';
import { shortDigest } from '../../ui/shorten.ts';
import { differenceOf, type Pair } from './difference.ts';
import { Measured } from './measured.tsx';
import { filesQuery, runQuery, versionQuery, versionsQuery } from './queries.ts';
import { useModelWords } from './use-model-words.ts';

/** What another version has else: equal things are counted, not shown. */
export const DifferencePanel = ({ version, against }: { version: ModelVersion; against: number | undefined }) => {
  const words = useModelWords();
  const navigate = useNavigate();
  const { project, model, number } = version;
  const all = useInfiniteQuery(versionsQuery(project, model)).data?.pages.flatMap(({ items }) => items) ?? [];
  const numbers = all.map((one) => one.number).filter((one) => one !== number);
  const other = useQuery({ ...versionQuery(project, model, against ?? 0), enabled: against !== undefined }).data;
  return (
    <Panel
      title={words.difference.title}
      actions={
        numbers.length > 0 && (
          <label className="choice">
            {words.difference.against}
            <select
              value={against ?? ''}
              onChange={(event) =>
                void navigate({
                  to: '/p/$project/models/$model/$number',
                  params: { project, model, number: String(number) },
                  search: event.currentTarget.value === '' ? {} : { against: Number(event.currentTarget.value) },
                  replace: true,
                  resetScroll: false,
                })
              }
            >
              <option value="">{words.difference.choose}</option>
              {[...new Set([...numbers, ...(against === undefined ? [] : [against])])].map((one) => (
                <option key={one} value={one}>
                  {words.version(one)}
                </option>
              ))}
            </select>
          </label>
        )
      }
    >
      {other ? (
        <Differences here={version} there={other} />
      ) : (
        <p className="quiet">{numbers.length === 0 ? words.difference.only : words.difference.prompt}</p>
      )}
    </Panel>
  );
};

const Differences = ({ here, there }: { here: ModelVersion; there: ModelVersion }) => {
  const { difference: words } = useModelWords();
  const { project } = here;
  const runs = [useQuery(runQuery(project, here.runId)).data, useQuery(runQuery(project, there.runId)).data] as const;
  const files = [useQuery(filesQuery(project, here.digest)).data, useQuery(filesQuery(project, there.digest)).data] as const;
  const [params, others] = runs.map((run) => new Map(Object.entries(run?.params ?? {})));
  const numbers = [here.number, there.number] as const;
  return (
    <div className="differences">
      <Table
        title={words.metrics}
        numbers={numbers}
        of={differenceOf(evidenceOf(here), evidenceOf(there), (a, b) => a.value === b.value)}
        show={(evidence) => <Measured {...evidence} />}
        change={(a, b) => <Change here={a} there={b} />}
      />
      <Table title={words.params} numbers={numbers} of={differenceOf(params!, others!)} show={(value) => value} />
      <Table
        title={words.signature}
        numbers={numbers}
        of={differenceOf(columnsOf(here.signature), columnsOf(there.signature))}
        show={(of) => of}
      />
      <Table
        title={words.files}
        numbers={numbers}
        of={differenceOf(blobsOf(files[0]), blobsOf(files[1]))}
        show={(blob) => <span className="mono">{shortDigest(blob)}</span>}
      />
    </div>
  );
};

const evidenceOf = ({ evidence }: ModelVersion) => new Map(evidence.map((one) => [one.metric, one]));
const blobsOf = (files: readonly TreeEntry[] = []) => new Map(files.map(({ path, blob }) => [path, blob as string]));
const columnsOf = (signature: Signature | null) => {
  const said = (way: string, { datatype, shape }: Signature['inputs'][number]) => `${way} ${datatype} [${shape.join(', ')}]`;
  return new Map([
    ...(signature?.inputs ?? []).map((spec) => [spec.name, said('→', spec)] as const),
    ...(signature?.outputs ?? []).map((spec) => [spec.name, said('←', spec)] as const),
  ]);
};

/** How far the value moved, and whether the intervals leave room for chance. */
const Change = ({ here, there }: { here: Evidence; there: Evidence }) => {
  const { f } = useI18n();
  const { difference: words } = useModelWords();
  if (typeof here.value !== 'number' || typeof there.value !== 'number') return '–';
  const moved = here.value - there.value;
  const apart = here.interval && there.interval && (here.interval[0] > there.interval[1] || there.interval[0] > here.interval[1]);
  return (
    <>
      {moved > 0 && '+'}
      {f.number(moved, 3)} {here.interval && there.interval && <span className="quiet">{apart ? words.clear : words.close}</span>}
    </>
  );
};

interface TableProps<T> {
  readonly title: string;
  readonly numbers: readonly [here: number, there: number];
  readonly of: { readonly differing: readonly Pair<T>[]; readonly same: number };
  readonly show: (value: T) => ReactNode;
  readonly change?: (here: T, there: T) => ReactNode;
}

const Table = <T,>({ title, numbers, of: { differing, same }, show, change }: TableProps<T>) => {
  const words = useModelWords();
  const cell = (value: T | undefined) => (value === undefined ? <span className="quiet">{words.none}</span> : show(value));
  return (
    <div>
      <h3 className="sub-title">
        {title} <span className="quiet">{differing.length > 0 && words.difference.same(same)}</span>
      </h3>
      {differing.length === 0 ? (
        <p className="quiet">{words.difference.none(same)}</p>
      ) : (
        <ScrollTable label={title}>
          <thead>
            <tr>
              <th scope="col">{words.difference.name}</th>
              {numbers.map((number) => (
                <th key={number} scope="col">
                  {words.version(number)}
                </th>
              ))}
              {change && <th scope="col">{words.difference.change}</th>}
            </tr>
          </thead>
          <tbody>
            {differing.map(({ name, here, there }) => (
              <tr key={name}>
                <th scope="row" className="mono cell-name" dir="auto">
                  {name}
                </th>
                <td dir="auto">{cell(here)}</td>
                <td dir="auto">{cell(there)}</td>
                {change && <td>{here === undefined || there === undefined ? words.none : change(here, there)}</td>}
              </tr>
            ))}
          </tbody>
        </ScrollTable>
      )}
    </div>
  );
};
