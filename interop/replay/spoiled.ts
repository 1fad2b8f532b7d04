import type { Call, Fault, Fields } from './call.ts';
import { badFilters, badOrders } from './filters.ts';
import type { Random } from './random.ts';

const wrongTypes = [1, 1.5, true, {}, [], ['a'], 'text', null, ''];
/** The call with one thing wrong, where there is one to be wrong. */
export const spoiled = (random: Random, call: Call): Call => {
  const { fields } = call;
  if (fields === undefined || Object.keys(fields).length === 0) return call;
  const name = random.pick(Object.keys(fields));
  // Without these a search tells of what other sequences made, and a run has a name that differs.
  if (
    name === 'run_name' ||
    (name === 'name' && call.path.endsWith('/logged-models')) ||
    (name === 'filter' && String(fields['filter']).includes('name LIKE'))
  )
    return call;
  const withFault = (fault: Fault, change: Fields): Call => ({ ...call, fields: { ...fields, ...change }, fault });
  const given = fields[name];
  if ('max_results' in fields && random.chance(0.3)) return withFault('range', { max_results: random.pick([0, -1, 1_000_000]) });
  if (call.pages !== undefined && random.chance(0.2)) return withFault('token', { page_token: random.pick(['nonsense', 'e30=']) });
  if ('filter' in fields && random.chance(0.5)) return withFault('filter', { filter: random.pick(badFilters) });
  if ('order_by' in fields && !call.path.includes('logged-models') && random.chance(0.5))
    return withFault('order', { order_by: [random.pick(badOrders)] });
  switch (random.integer(5)) {
    case 0:
    case 1: {
      const { [name]: _, ...rest } = fields;
      return { ...call, fields: rest, fault: 'missing' };
    }
    case 2:
      return withFault('type', { [name]: random.pick(wrongTypes) });
    case 3:
      return typeof given === 'string' ? withFault('unknown', { [name]: random.pick(['nothing', '123', '../x', 'a/b', '  ']) }) : call;
    default:
      return typeof given === 'string' ? withFault('long', { [name]: `«p»${'x'.repeat(random.pick([251, 501, 9000]))}` }) : call;
  }
};
