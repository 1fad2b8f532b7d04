/** What lies in the tables of this module: JSON as text. */
export type Stored<Row, Keys extends keyof Row> = Omit<Row, Keys> & { [K in Keys]: null extends Row[K] ? string | null : string };

export const encode = <Row extends object>(row: Row, keys: readonly string[]): never =>
  Object.fromEntries(
    Object.entries(row).map(([key, value]) => [key, keys.includes(key) && value !== null ? JSON.stringify(value) : value]),
  ) as never;

export const decode = <Row>(row: object, keys: readonly string[]): Row =>
  Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key,
      keys.includes(key) && value !== null ? (JSON.parse(value as string) as unknown) : value,
    ]),
  ) as Row;
