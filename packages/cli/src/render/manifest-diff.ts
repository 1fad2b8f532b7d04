import type { ManifestChange } from '@boucle/contract';
import type { Paint } from '../terminal/paint.ts';

const signs = { added: ['green', '+'], changed: ['yellow', '~'], removed: ['red', '-'] } as const;

/** `~ step training.clean  code, params`, one change a line. */
export const manifestDiff = (changes: readonly ManifestChange[], paint: Paint): string =>
  changes
    .map(({ change, type, name, parts }) => {
      const [colour, sign] = signs[change];
      const what = type === 'framing' ? 'framing' : `${type} ${name}`;
      return `  ${paint(colour, `${sign} ${what}`)}${parts.length > 0 ? `  ${paint('dim', parts.join(', '))}` : ''}`;
    })
    .join('\n');
