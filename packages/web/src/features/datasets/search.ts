/** What of a version's page is in its address. */
export interface VersionSearch {
  /** The first row shown. */
  readonly from?: number;
  /** The version it is held against; the one before where none is said. */
  readonly against?: number;
  /** Part of the names of the columns shown. */
  readonly column?: string;
}

const whole = (value: unknown, least: number): number | undefined => {
  const number = Number(value);
  return Number.isSafeInteger(number) && number >= least ? number : undefined;
};

/** Others' addresses may hold anything: what does not fit is not there. */
export const datasetVersionSearch = (search: Record<string, unknown>): VersionSearch => {
  const from = whole(search['from'] ?? NaN, 1);
  const against = whole(search['against'] ?? NaN, 1);
  const column = search['column'];
  return {
    ...(from !== undefined && { from }),
    ...(against !== undefined && { against }),
    ...((typeof column === 'string' || typeof column === 'number') && column !== '' && { column: String(column) }),
  };
};
