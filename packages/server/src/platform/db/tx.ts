import type { Kysely } from 'kysely';

/** What a store takes, for reading outside or inside a write. Each store says which tables it knows: `tx.withTables<{ run: RunRow }>()`. */
export type Tx = Kysely<Record<never, never>>;
