import type { Call, Fields } from './call.ts';

/** How clients of other languages than Python say the same. What is said stays as it is. */
export const manners: readonly ((call: Call) => Call)[] = [
  (call) => call,
  // R: every number a text.
  (call) => withFields(call, (fields) => asTexts(fields, () => true) as Fields),
  // Java: whole numbers as text, and both names of a run's id.
  (call) =>
    withFields(call, (fields) => {
      const said = asTexts(fields, Number.isInteger) as Fields;
      return 'run_id' in said && !call.path.includes('registered-models') && !call.path.includes('model-versions')
        ? { ...said, run_uuid: said['run_id'] }
        : said;
    }),
  // A GET whose fields are in its body.
  (call) => (call.method === 'GET' && call.path.startsWith('/api/2.0/mlflow/') ? { ...call, inBody: true } : call),
];

const withFields = (call: Call, change: (fields: Fields) => Fields): Call =>
  call.fields === undefined ? call : { ...call, fields: change(call.fields) };
const asTexts = (value: unknown, isText: (number: number) => boolean): unknown => {
  if (typeof value === 'number') return isText(value) ? String(value) : value;
  if (Array.isArray(value)) return value.map((one) => asTexts(one, isText));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, asTexts(one, isText)]));
};
