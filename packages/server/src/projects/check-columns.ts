import { type DeclaredDataset, invalid, LogicalType, logicalTypes } from '@boucle/contract';
import { Check } from 'typebox/value';

type Columns = DeclaredDataset['columns'];

/** Declared columns that a table can have: names once, and types that are whole. */
export const checkColumns = (columns: Columns, where = ''): void => {
  const names = columns.map(({ name }) => name);
  const doubled = names.find((name, i) => names.indexOf(name) < i);
  if (doubled !== undefined) throw invalid(`${where}Two columns are named "${doubled}"`, 'column_doubled', { column: doubled });
  for (const { name, type } of columns) {
    if (name === '_row')
      throw invalid(`${where}The column name _row is Boucle's own: rename the column with \`from\``, 'reserved_column', { column: name });
    if (!isWhole(type)) {
      const message = `${where}Column "${name}" has the type ${JSON.stringify(type)}; there are ${logicalTypes.join(', ')}, a list with its item, a struct with its fields`;
      throw invalid(message, 'unknown_type', { column: name });
    }
  }
};

const isWhole = (type: LogicalType): boolean => {
  if (!Check(LogicalType, type)) return false;
  if (type.type === 'list') return type.item !== undefined && isWhole(type.item);
  if (type.type === 'struct') return (type.fields ?? []).length > 0 && type.fields!.every((field) => isWhole(field.type));
  const { scale = 0 } = type;
  return scale >= 0 && scale <= 38;
};
