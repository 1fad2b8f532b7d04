import { type Column, invalid } from '@boucle/contract';
import type { Cell } from './cells/cell.ts';
import { cellType } from './cells/cell-type.ts';
import { findColumn } from './column-names.ts';
import type { RowIssues } from './formats/row-issues.ts';
import { showValue } from './show-value.ts';

/** Checks columns that may hold nothing but the values declared, null aside. */
export const closedValues = (columns: readonly Column[], declared: Readonly<Record<string, readonly unknown[]>>, issues: RowIssues) => {
  const sets = Object.entries(declared).map(([name, values]) => {
    const type = cellType(findColumn(columns, name).type);
    const allowed = values.map((value) => {
      const cell = type.accept(value);
      if (cell !== undefined) return cell;
      throw invalid(`Column "${name}" is declared to hold ${showValue(value)}, which is not ${type.noun}`, 'value_misfit', {
        column: name,
      });
    });
    const at = columns.findIndex((column) => column.name === name);
    return { name, at, allowed: new Set(allowed), text: values.map(String).join(', ') };
  });
  return (cells: readonly Cell[], line: number): void => {
    for (const { name, at, allowed, text } of sets) {
      const cell = cells[at] ?? null;
      if (cell === null || allowed.has(cell)) continue;
      issues.add({ line, column: name, reason: 'value_not_allowed', problem: `${showValue(cell)} is not one of ${text}` });
    }
  };
};
