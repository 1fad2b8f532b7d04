import { invalid } from '@boucle/contract';
import type { Cell } from './cells/cell.ts';
import { cellType } from './cells/cell-type.ts';
import type { RowIssues } from './formats/row-issues.ts';
import type { DeclaredColumn } from './plan-columns.ts';
import { showValue } from './show-value.ts';

/** Checks columns that may hold nothing but the values declared, null aside. */
export const closedValues = (columns: readonly DeclaredColumn[], issues: RowIssues) => {
  const sets = columns.flatMap(({ name, type: declared, values }, at) => {
    if (!values) return [];
    const type = cellType(declared);
    const allowed = values.map((value) => {
      const cell = type.accept(value);
      if (cell !== undefined) return cell;
      throw invalid(`Column "${name}" is declared to hold ${showValue(value)}, which is not ${type.noun}`, 'value_misfit', {
        column: name,
      });
    });
    return [{ name, at, allowed: new Set(allowed), text: values.map(String).join(', ') }];
  });
  return (cells: readonly Cell[], line: number): void => {
    for (const { name, at, allowed, text } of sets) {
      const cell = cells[at] ?? null;
      if (cell === null || allowed.has(cell)) continue;
      issues.add({ line, column: name, reason: 'value_not_allowed', problem: `${showValue(cell)} is not one of ${text}` });
    }
  };
};
