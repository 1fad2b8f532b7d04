/** The address of the list: what it is filtered by. */
export interface ModelsSearch {
  readonly filter?: string;
}
/** Others' addresses may hold anything: what is no text is not there. */
export const modelsSearch = ({ filter }: Record<string, unknown>): ModelsSearch =>
  (typeof filter === 'string' && filter !== '') || typeof filter === 'number' ? { filter: String(filter) } : {};

/** The address of a version: the one that it is compared with. */
export interface VersionSearch {
  readonly against?: number;
}
export const versionSearch = ({ against }: Record<string, unknown>): VersionSearch => {
  const number = Number(against);
  return Number.isInteger(number) && number > 0 ? { against: number } : {};
};
