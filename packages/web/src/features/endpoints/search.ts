/** The address of an endpoint: which page of its log, and whether with what shadows said. */
export interface EndpointSearch {
  readonly before?: string;
  readonly shadows?: true;
}
export const endpointSearch = ({ before, shadows }: Record<string, unknown>): EndpointSearch => ({
  ...(typeof before === 'string' && /^[0-9a-f]{32}\.\d{1,9}$/.test(before) && { before }),
  ...(shadows === true && { shadows }),
});
