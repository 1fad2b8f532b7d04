import type { Explanation } from '@boucle/contract';
import { clip, measure, plural, value } from '../terminal/format.ts';
import type { Paint } from '../terminal/paint.ts';
import { table } from '../terminal/table.ts';

type Contribution = Explanation['contributions'][number];

/** Parts that are shown, those that add or take away most. */
const mostShown = 20;
const widestBar = 20;

/** Why a row is answered as it is: its texts with their words marked, then what each word or column adds. */
export const explanationText = (row: Readonly<Record<string, unknown>>, explanation: Explanation, paint: Paint): string => {
  const { label, output, baseline, gap, steps, contributions } = explanation;
  const ranked = contributions.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const most = Math.abs(ranked[0]?.value ?? 0);
  const added = measure(contributions.reduce((sum, one) => sum + one.value, 0));
  const integral = steps === null ? '' : `, gap ${measure(gap)} after ${plural(steps, 'step')}`;
  const texts = [...new Set(contributions.flatMap(({ column, span }) => (span ? [column] : [])))];
  const columns = {
    part: ({ column, span }: Contribution) =>
      span ? clip(value(String(row[column]).slice(...span)), 30) : clip(`${column} ${value(row[column])}`, 40),
    adds: (one: Contribution) => `${one.value < 0 ? '−' : '+'}${Math.abs(one.value).toFixed(3)}`,
    '': (one: Contribution) => [colourOf(one.value), bar(one.value, most)] as const,
  };
  return [
    `${paint('bold', label ?? 'value')} ${measure(output)} = ${measure(baseline)} where nothing is said, ${added} by what follows${integral}`,
    ...texts.map((column) => marked(String(row[column]), { parts: contributions.filter((one) => one.column === column), most, paint })),
    '',
    ranked.length === 0 ? 'Nothing in it adds anything.' : table(ranked.slice(0, mostShown), columns, paint),
    ...(ranked.length > mostShown ? [`and ${ranked.length - mostShown} more, which add less`] : []),
  ].join('\n');
};

const colourOf = (size: number) => (size < 0 ? 'red' : 'green');
const bar = (size: number, most: number): string => '█'.repeat(Math.max(1, Math.round((Math.abs(size) / most) * widestBar)));

/** In colour where words count for a fifth of the strongest or more. */
const marked = (text: string, { parts, most, paint }: { parts: readonly Contribution[]; most: number; paint: Paint }): string => {
  const strong = parts
    .flatMap(({ span, value: size }) => (span && Math.abs(size) >= most / 5 ? [{ span, size }] : []))
    .toSorted((a, b) => a.span[0] - b.span[0]);
  let done = 0;
  let shown = '';
  for (const {
    span: [from, to],
    size,
  } of strong) {
    if (from < done) continue;
    shown += text.slice(done, from) + paint(colourOf(size), text.slice(from, to));
    done = to;
  }
  return shown + text.slice(done);
};
