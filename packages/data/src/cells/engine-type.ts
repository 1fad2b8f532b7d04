import { type LogicalType } from '@boucle/contract';
import {
  BIGINT,
  BLOB,
  BOOLEAN,
  DATE,
  DECIMAL,
  DOUBLE,
  DuckDBStructType,
  type DuckDBType,
  DuckDBTypeId,
  LIST,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
  VARCHAR,
} from '@duckdb/node-api';

const plain = {
  bool: BOOLEAN,
  int: BIGINT,
  float: DOUBLE,
  text: VARCHAR,
  bytes: BLOB,
  date: DATE,
  time: TIME,
  timestamp: TIMESTAMPTZ,
  'local timestamp': TIMESTAMP,
} as const;

/** How a logical type is kept in our Parquet files: one to one. */
export const engineType = ({ type, item, fields = [], scale }: LogicalType): DuckDBType => {
  switch (type) {
    case 'decimal':
      return DECIMAL(38, scale ?? 9);
    case 'list':
      return LIST(engineType(item ?? { type: 'text' }));
    case 'struct':
      return new DuckDBStructType(
        fields.map(({ name }) => name),
        fields.map((field) => engineType(field.type)),
      );
    default:
      return plain[type];
  }
};

const widened: { readonly [id in DuckDBTypeId]?: LogicalType } = {
  [DuckDBTypeId.BOOLEAN]: { type: 'bool' },
  [DuckDBTypeId.TINYINT]: { type: 'int' },
  [DuckDBTypeId.SMALLINT]: { type: 'int' },
  [DuckDBTypeId.INTEGER]: { type: 'int' },
  [DuckDBTypeId.BIGINT]: { type: 'int' },
  [DuckDBTypeId.UTINYINT]: { type: 'int' },
  [DuckDBTypeId.USMALLINT]: { type: 'int' },
  [DuckDBTypeId.UINTEGER]: { type: 'int' },
  [DuckDBTypeId.UBIGINT]: { type: 'int' },
  [DuckDBTypeId.HUGEINT]: { type: 'decimal', precision: 38, scale: 0 },
  [DuckDBTypeId.FLOAT]: { type: 'float' },
  [DuckDBTypeId.DOUBLE]: { type: 'float' },
  [DuckDBTypeId.VARCHAR]: { type: 'text' },
  [DuckDBTypeId.ENUM]: { type: 'text' },
  [DuckDBTypeId.UUID]: { type: 'text' },
  [DuckDBTypeId.BLOB]: { type: 'bytes' },
  [DuckDBTypeId.DATE]: { type: 'date' },
  [DuckDBTypeId.TIME]: { type: 'time' },
  [DuckDBTypeId.TIMESTAMP_TZ]: { type: 'timestamp' },
  [DuckDBTypeId.TIMESTAMP]: { type: 'local timestamp' },
  [DuckDBTypeId.TIMESTAMP_S]: { type: 'local timestamp' },
  [DuckDBTypeId.TIMESTAMP_MS]: { type: 'local timestamp' },
  [DuckDBTypeId.TIMESTAMP_NS]: { type: 'local timestamp' },
  // A column of nulls alone has no type of its own.
  [DuckDBTypeId.SQLNULL]: { type: 'text' },
};

/** The logical type that holds every value of the engine's type, or undefined: there is none for intervals, maps, unions and the like. */
export const logicalType = (type: DuckDBType): LogicalType | undefined => {
  switch (type.typeId) {
    case DuckDBTypeId.DECIMAL:
      return { type: 'decimal', precision: 38, scale: type.scale };
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY: {
      const item = logicalType(type.valueType);
      return item && { type: 'list', item };
    }
    case DuckDBTypeId.STRUCT: {
      const fields = type.entryTypes.map((entry, index) => ({ name: type.entryNames[index] ?? '', type: logicalType(entry) }));
      return fields.every(isKnown) ? { type: 'struct', fields } : undefined;
    }
    default:
      return widened[type.typeId];
  }
};

const isKnown = (field: { name: string; type: LogicalType | undefined }): field is { name: string; type: LogicalType } =>
  field.type !== undefined;
