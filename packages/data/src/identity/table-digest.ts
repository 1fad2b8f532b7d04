import { canonicalJson, type Column, type RowsDigest, rowsDigest } from '@boucle/contract';
import { normalType } from '../cells/logical-type.ts';
import { encodingVersion } from './canonical-row.ts';
import { sha256 } from './sha256.ts';

/** A table by its content: SHA-256 over the encoding's version, the schema without `_row`, and the Merkle root of its row hashes. */
export const tableDigest = (columns: readonly Column[], root: Uint8Array): RowsDigest => {
  const schema = canonicalJson({
    format: `boucle.rows/${encodingVersion}`,
    columns: columns.map(({ name, type }) => ({ name, type: normalType(type) })),
  });
  return rowsDigest(sha256(Buffer.concat([Buffer.from(`${schema}\n`), root])).toString('hex'));
};
