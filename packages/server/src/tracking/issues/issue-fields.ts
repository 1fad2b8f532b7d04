import type { SearchFields } from '@boucle/contract';

const text = { kind: 'text', operators: ['=', '!=', 'IN', 'NOT IN'] } as const;

/** What issues are searched by, in MLflow's names. */
export const issueFields: SearchFields<'attribute'> = {
  bare: 'attribute',
  entities: { attribute: { also: ['attributes', 'attr', 'issue'], fields: { status: text, source_run_id: text } } },
};
