import type { BoucleEvent } from '@boucle/contract';
import { clip, value } from '../terminal/format.ts';
import type { Paint } from '../terminal/paint.ts';

/** `12  10:04:05  dataset_version.created  dataset=tweets number=1` */
export const eventLine = ({ seq, at, type, data }: BoucleEvent, paint: Paint): string => {
  const facts = Object.entries(data).map(([name, fact]) => `${name}=${clip(value(fact), 80)}`);
  return `${paint('dim', `${String(seq).padStart(5)}  ${at.slice(11, 19)}`)}  ${paint(colourOf(type), type)}  ${facts.join(' ')}`;
};

const colourOf = (type: string) => (/failed|lost/.test(type) ? 'red' : 'cyan');
