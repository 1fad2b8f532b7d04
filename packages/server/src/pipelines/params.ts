import { invalid, type Plan } from '@boucle/contract';
import type { TObject } from 'typebox';
import { Compile } from 'typebox/compile';

/** The parameters of a run: what was given, what was left out by its default, nothing else. */
export const resolveParams = (plan: Plan, given: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const schema = { type: 'object', properties: {}, ...(plan.params as object) } as unknown as TObject;
  const known = Object.entries(schema.properties) as [string, { default?: unknown }][];
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(schema.properties, name))
      throw invalid(
        `Pipeline ${plan.pipeline} has no parameter "${name}"; it has: ${known.map(([n]) => n).join(', ') || 'none'}`,
        'unknown_param',
      );
  }
  const params = {
    ...Object.fromEntries(known.flatMap(([name, { default: value }]) => (value === undefined ? [] : [[name, value]]))),
    ...given,
  };
  const validator = Compile(schema);
  if (validator.Check(params)) return params;
  const [first] = validator.Errors(params);
  throw invalid(
    `Parameter ${first?.instancePath.slice(1) || '?'} of pipeline ${plan.pipeline} ${first?.message ?? 'does not fit'}`,
    'invalid_param',
  );
};
