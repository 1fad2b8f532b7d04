import { type Static, type TObject, type TProperties, type TSchema, Type } from 'typebox';
import type { Ref } from '@boucle/contract';

/** What travels between steps: a folder with a manifest, of one of these kinds. `T` is what a step's code holds in its hands. */
export interface Port<T> {
  readonly kind: 'table' | 'file' | 'folder' | 'model' | 'value';
  readonly schema?: TSchema;
  /** Never there at run time: it carries the type. */
  readonly holds?: T;
}
/** A list of things for one input, as `compare` takes its candidates. */
export interface Many<T> extends Port<readonly T[]> {
  readonly many: true;
}
export type Ports = Readonly<Record<string, Port<unknown>>>;

export interface OnDisk {
  readonly path: string;
}
/** A row keeps its identity from the dataset to the prediction: spread it and `_row` comes along. */
export type Kept<Row> = Row & { readonly _row: string };
/** Rows in Parquet at `path`; any other reader may open it. */
export interface Table<Row> extends OnDisk {
  batches(): AsyncIterable<readonly Kept<Row>[]>;
}
/** A folder in the model package format. */
export interface Model<Task extends string> extends OnDisk {
  readonly task: Task;
}

export const table = <P extends TProperties>(columns: P): Port<Table<Static<TObject<P>>>> => ({
  kind: 'table',
  schema: Type.Object(columns),
});
export const model = <const Task extends string>(task: Task): Port<Model<Task>> => ({ kind: 'model', schema: Type.Literal(task) });
export const value = <S extends TSchema>(schema: S): Port<Static<S>> => ({ kind: 'value', schema });
export const file = (): Port<OnDisk> => ({ kind: 'file' });
export const folder = (): Port<OnDisk> => ({ kind: 'folder' });
export const many = <T>({ kind, schema }: Port<T>): Many<T> => ({ kind, many: true, ...(schema && { schema }) });

/** What the code of a step is given, and how it hands its results over. */
export type Held<P extends Ports> = { readonly [K in keyof P]: P[K] extends Port<infer T> ? T : never };
export type Outs<P extends Ports> = { readonly [K in keyof P]: P[K] extends Port<infer T> ? Out<T> : never };
type Out<T> = T extends Table<infer Row> ? TableWriter<Row> : T extends OnDisk ? OnDisk : { set(value: T): void };
export interface TableWriter<Row> {
  /** Rows that came from somewhere. Resolves when there is room for more. */
  append(rows: readonly Kept<Row>[]): Promise<void>;
  /** Rows that did not: an aggregate, a sample made up. */
  appendNew(rows: readonly Row[]): Promise<void>;
  /** A whole table at once, by DuckDB: `out.tweets.select('select text from data', { data })`. */
  select(sql: string, tables: Readonly<Record<string, OnDisk>>): Promise<void>;
}

/** Where a thing will come from. A pipeline is written with handles; no step runs while it is written. */
export interface Handle<T> {
  readonly ref: Ref;
  readonly holds?: T;
}
export type Handles<P extends Ports> = {
  readonly [K in keyof P]: P[K] extends Many<infer T> ? readonly Handle<T>[] : P[K] extends Port<infer T> ? Handle<T> : never;
};

export const isHandle = (x: unknown): x is Handle<unknown> => typeof x === 'object' && x !== null && 'ref' in x;
