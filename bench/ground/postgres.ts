import pg from 'pg';

const server = process.env['BENCH_POSTGRES'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/** A database of its own for as long as the work takes. `BENCH_POSTGRES` names the server. */
export const inDatabase = async <T>(work: (url: string) => Promise<T>): Promise<T> => {
  const name = `boucle_bench_${process.pid}_${Math.random().toString(36).slice(2)}`;
  await onServer(`create database ${name}`);
  try {
    const url = new URL(server);
    url.pathname = `/${name}`;
    return await work(url.href);
  } finally {
    await onServer(`drop database ${name} with (force)`);
  }
};

const onServer = async (statement: string): Promise<void> => {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
};
