import { useI18n } from '../../i18n/i18n.tsx';

/** A row by column, each value as text, whatever it holds. */
export const RowView = ({ row, label }: { row: unknown; label: string }) => {
  const { f } = useI18n();
  const entries = typeof row === 'object' && row !== null && !Array.isArray(row) ? Object.entries(row) : [['', row] as const];
  const said = (value: unknown): string =>
    typeof value === 'string' ? value : typeof value === 'number' ? f.figure(value) : JSON.stringify(value);
  return (
    <dl className="row-view" aria-label={label}>
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt className="mono" dir="auto">
            {name}
          </dt>
          <dd dir="auto">{value === null || value === undefined ? '–' : said(value)}</dd>
        </div>
      ))}
    </dl>
  );
};
