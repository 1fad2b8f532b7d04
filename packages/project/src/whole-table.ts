import type { RowsDigest } from '@boucle/contract';
import type { TableWriter } from './port.ts';

export interface WrittenTable {
  readonly digest: RowsDigest;
  readonly rows: number;
}
/** What the runner's writers can do beyond the surface: steps of the library hand a finished file over, or ask for the digest early. */
export interface WholeTable {
  /** Where a finished Parquet file may be put. Nothing may be appended then. */
  readonly path: string;
  /** Spares reading the file again where its digest is known. */
  adopt(table: WrittenTable): void;
  /** No more rows. */
  finish(): Promise<WrittenTable>;
}
export const wholeTable = Symbol('boucle.wholeTable');

export const wholeTableOf = <Row>(writer: TableWriter<Row>): WholeTable =>
  (writer as TableWriter<Row> & { readonly [wholeTable]: WholeTable })[wholeTable];
