import { loadConfig, startServer } from '@boucle/server';

/** The server with a page that was built for the bench: `boucle up` takes the one that lies beside it. */
const [data, web] = process.argv.slice(2);
const server = await startServer(await loadConfig({ env: {}, flags: { port: 0, data: data!, logLevel: 'warn' } }), { web: web! });
process.send!({ address: server.address });
process.once('SIGTERM', () => void server.close().then(() => process.exit()));
