import { AppError } from '@boucle/contract';
import type { Client } from '@boucle/sdk';

/** The experiment that is meant by its id or its name. Digits are an id. */
export const experimentIdOf = async (client: Client, params: { project: string }, said: string): Promise<string> => {
  if (/^\d{1,18}$/.test(said)) return said;
  // Filters know no escapes: the other quote is used.
  const quote = said.includes("'") ? '"' : "'";
  const { items } = await client.experiments.search({ params, body: { filter: `name = ${quote}${said}${quote}`, view: 'all', limit: 1 } });
  if (items[0]) return items[0].id;
  throw new AppError('not_found', `experiment ${said} does not exist`, { details: { what: 'experiment', id: said } });
};
