/** One figure of a family, told apart by its labels. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}
export interface Histogram {
  readonly labels: Readonly<Record<string, string>>;
  /** Upper bounds, ascending, each with how many observations were at most that large. */
  readonly buckets: readonly { readonly atMost: number; readonly count: number }[];
  readonly sum: number;
  readonly count: number;
}
interface About {
  readonly name: string;
  readonly help: string;
}
export type Family =
  | (About & { readonly type: 'gauge' | 'counter'; readonly samples: readonly Sample[] })
  | (About & { readonly type: 'histogram'; readonly histograms: readonly Histogram[] });

/** The content type of Prometheus' text format, version 0.0.4. */
export const expositionType = 'text/plain; version=0.0.4; charset=utf-8';

/** Families in Prometheus' text format (prometheus.io, exposition formats); one without figures is left out. */
export const exposition = (families: readonly Family[]): string =>
  families
    .flatMap((family) => {
      const lines = linesOf(family);
      return lines.length === 0
        ? []
        : [`# HELP ${family.name} ${escapeHelp(family.help)}`, `# TYPE ${family.name} ${family.type}`, ...lines];
    })
    .map((line) => `${line}\n`)
    .join('');

const linesOf = (family: Family): string[] =>
  family.type === 'histogram'
    ? family.histograms.flatMap((one) => histogramLines(family.name, one))
    : family.samples.map(({ labels, value }) => line(family.name, labels, value));

const histogramLines = (name: string, { labels, buckets, sum, count }: Histogram): string[] => [
  ...buckets.map((bucket) => line(`${name}_bucket`, { ...labels, le: number(bucket.atMost) }, bucket.count)),
  line(`${name}_bucket`, { ...labels, le: '+Inf' }, count),
  line(`${name}_sum`, labels, sum),
  line(`${name}_count`, labels, count),
];

const line = (name: string, labels: Readonly<Record<string, string>>, value: number): string => {
  const said = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
  return `${name}${said.length === 0 ? '' : `{${said.join(',')}}`} ${number(value)}`;
};
const number = (value: number): string => (value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : String(value));
const escapeHelp = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
const escapeLabel = (text: string): string => escapeHelp(text).replaceAll('"', '\\"');
