import { shortCell } from './cell-text.ts';

/** A value from outside: always text, a missing one a dash, a long one shortened with the rest on hover. */
export const CellValue = ({ value, characters = 90 }: { value: unknown; characters?: number }) => {
  if (value === null || value === undefined) return <span className="quiet">–</span>;
  const text = shortCell(value, characters);
  return (
    <bdi className="cell" title={text.endsWith('…') ? shortCell(value, 2000) : undefined}>
      {text}
    </bdi>
  );
};
