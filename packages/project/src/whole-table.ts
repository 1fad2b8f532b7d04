import type { TableWriter } from './port.ts';

/** What the runner's writers can do beyond the surface: steps of the library hand a finished file over, or ask for the digest early. */
export interface WholeTable {
  /** Where a finished Parquet file may be put. Nothing may be appended then. */
  readonly path: string;
  /** No more rows. */
  finish(): Promise<{ readonly rows: number; readonly digest: string }>;
}
export const wholeTable = Symbol('boucle.wholeTable');

export const wholeTableOf = <Row>(writer: TableWriter<Row>): WholeTable =>
  (writer as TableWriter<Row> & { readonly [wholeTable]: WholeTable })[wholeTable];
