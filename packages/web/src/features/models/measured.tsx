import type { Evidence } from '@boucle/contract';
import { useI18n } from '../../i18n/i18n.tsx';

/** A value that was measured, with its interval in quiet ink; what is not finite is told as it came. */
export const Measured = ({ value, interval }: Pick<Evidence, 'value' | 'interval'>) => {
  const { f } = useI18n();
  return (
    <>
      {typeof value === 'number' ? f.number(value, 3) : value}
      {interval && (
        <span className="quiet nowrap">
          {' '}
          {f.number(interval[0], 3)} – {f.number(interval[1], 3)}
        </span>
      )}
    </>
  );
};
