import type { Column, Expectation, ExpectationResult, TableSchema, ValidationResult } from '@boucle/contract';
import { cellType } from './cells/cell-type.ts';
import { quoteName, withEngine } from './engine.ts';
import { type Check, planCheck, type RowCheck, type UniqueCheck } from './expectations/plan-check.ts';
import { type Bind, openStored, query, type StoredTable } from './stored-table.ts';

/** Failing rows that are shown for each expectation. */
const sampleRows = 20;

/**
 * Checks what is expected of a stored table: all that looks at single rows in one scan. `rows` counts the rows that were looked at; where none was,
 * the expectation has passed. What cannot be checked (an unknown type, column or argument, a bad pattern) is `errored`, and the others are still checked.
 */
export const checkSuite = (path: string, suite: readonly Expectation[]): Promise<ValidationResult> =>
  withEngine(async (connection) => {
    const table = await openStored(connection, path);
    const planned = suite.map((expectation) => ({ expectation, ...plan(expectation, table.schema) }));
    const counts = await countAll(
      table,
      planned.flatMap(({ check }) => (check?.kind === 'rows' ? [check] : [])),
    );
    const results: ExpectationResult[] = [];
    for (const { expectation, check, message } of planned) {
      const verdict = check ? await judge(table, check, counts).catch(errored) : errored(message);
      results.push({ expectation, ...verdict });
    }
    return { success: results.every(({ expectation, outcome }) => outcome === 'passed' || expectation.level === 'warning'), results };
  });

interface Counts {
  readonly considered: number;
  readonly unexpected: number;
}
type Verdict = Omit<ExpectationResult, 'expectation'>;

const plan = (expectation: Expectation, schema: TableSchema): { check?: Check; message?: string } => {
  try {
    return { check: planCheck(expectation, schema) };
  } catch (error) {
    return { message: textOf(error) };
  }
};

const textOf = (error: unknown): string => (error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
const errored = (reason: unknown): Verdict => ({ outcome: 'errored', rows: 0, unexpected: 0, samples: [], message: textOf(reason) });

/** One scan for all; nothing at all if one of them makes it fail, for then each has to be asked by itself. */
const countAll = async (table: StoredTable, checks: readonly RowCheck[]): Promise<ReadonlyMap<Check, Counts>> => {
  const counts = await countRows(table, checks).catch(() => []);
  return new Map(checks.flatMap((check, i) => (counts[i] ? [[check, counts[i]]] : [])));
};

const countRows = async (table: StoredTable, checks: readonly RowCheck[]): Promise<Counts[]> => {
  if (checks.length === 0) return [];
  const [row = []] = await query(table, (bind) => {
    const terms = checks.map((check) => `count(*) FILTER (${check.considered}), count(*) FILTER (${failing(check, bind)})`);
    return `SELECT ${terms.join(', ')} FROM ${table.from}`;
  });
  return checks.map((_, i) => ({ considered: Number(row[i * 2]), unexpected: Number(row[i * 2 + 1]) }));
};

const failing = (check: RowCheck, bind: Bind): string => `${check.considered} AND ${check.unexpected(bind)}`;

const judge = async (table: StoredTable, check: Check, counted: ReadonlyMap<Check, Counts>): Promise<Verdict> => {
  switch (check.kind) {
    case 'rows': {
      const counts = counted.get(check) ?? (await countRows(table, [check]))[0];
      const sample = () => readSamples(table, check.column, (bind) => failing(check, bind));
      return verdict(counts ?? { considered: 0, unexpected: 0 }, check.mostly, sample);
    }
    case 'unique':
      return judgeUnique(table, check);
    case 'count': {
      const isMet = table.rows >= check.min && table.rows <= check.max;
      return {
        outcome: isMet ? 'passed' : 'failed',
        rows: table.rows,
        unexpected: 0,
        samples: [],
        ...(!isMet && { message: `The table has ${table.rows} rows` }),
      };
    }
  }
};

const judgeUnique = async (table: StoredTable, { columns, mostly }: UniqueCheck): Promise<Verdict> => {
  const names = columns.map(({ name }) => quoteName(name)).join(', ');
  const present = columns.map(({ name }) => `${quoteName(name)} IS NOT NULL`).join(' AND ');
  const [row = []] = await query(
    table,
    () => `SELECT sum(n), sum(n) FILTER (n > 1) FROM (SELECT count(*) AS n FROM ${table.from} WHERE ${present} GROUP BY ${names})`,
  );
  const repeated = `(${names}) IN (SELECT (${names}) FROM ${table.from} WHERE ${present} GROUP BY ${names} HAVING count(*) > 1)`;
  const [first] = columns;
  return verdict({ considered: Number(row[0] ?? 0), unexpected: Number(row[1] ?? 0) }, mostly, async () =>
    first ? readSamples(table, first, () => repeated) : [],
  );
};

const verdict = async ({ considered, unexpected }: Counts, mostly: number, sample: () => Promise<Verdict['samples']>): Promise<Verdict> => {
  // A thousandth of a row of grace: 0.999 of 1,000 is 999 in decimals only.
  const isMet = considered - unexpected >= mostly * considered - 0.001;
  return { outcome: isMet ? 'passed' : 'failed', rows: considered, unexpected, samples: isMet ? [] : await sample() };
};

const readSamples = async (table: StoredTable, column: Column, condition: (bind: Bind) => string): Promise<Verdict['samples']> => {
  const type = cellType(column.type);
  const found = await query(
    table,
    (bind) => `SELECT _row, ${quoteName(column.name)} FROM ${table.from} WHERE ${condition(bind)} LIMIT ${sampleRows}`,
  );
  return found.map(([id, value = null]) => {
    const cell = value === null ? undefined : type.load(value);
    return { _row: String(id), value: cell === undefined ? null : type.json(cell) };
  });
};
