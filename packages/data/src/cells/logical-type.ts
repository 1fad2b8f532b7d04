import { invalid, type LogicalType } from '@boucle/contract';

/** The one way to write a type: decimals always have 38 digits, and 9 after the point where nothing else is said. */
export const normalType = ({ type, item, fields, scale }: LogicalType): LogicalType => {
  switch (type) {
    case 'decimal':
      if (scale !== undefined && !(Number.isInteger(scale) && scale >= 0 && scale <= 38))
        throw invalid(`A decimal has 0 to 38 digits after the point, not ${scale}`, 'bad_type');
      return { type, precision: 38, scale: scale ?? 9 };
    case 'list':
      if (!item) throw invalid('A list needs the type of its items', 'bad_type');
      return { type, item: normalType(item) };
    case 'struct':
      if (!fields?.length) throw invalid('A struct needs fields', 'bad_type');
      return { type, fields: fields.map((field) => ({ name: field.name, type: normalType(field.type) })) };
    default:
      return { type };
  }
};

/** For people: `list<int>`, `struct<a: text, b: float>`. */
export const typeText = ({ type, item, fields, scale }: LogicalType): string => {
  switch (type) {
    case 'decimal':
      return `decimal(38,${scale ?? 9})`;
    case 'list':
      return `list<${item ? typeText(item) : '?'}>`;
    case 'struct':
      return `struct<${(fields ?? []).map((field) => `${field.name}: ${typeText(field.type)}`).join(', ')}>`;
    default:
      return type;
  }
};
