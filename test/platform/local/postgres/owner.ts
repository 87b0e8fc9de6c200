import { startPostgres } from '../../../../src/platform/local/postgres/server.ts';

/** Starts a server in the folder given, says its URL, and waits for a signal. SIGUSR2: end without stopping it. */
const server = await startPostgres({ directory: process.argv[2]!, settings: { fsync: 'off' } });
const alive = setInterval(() => undefined, 1_000);
process.on('SIGUSR2', () => clearInterval(alive));
console.log(server.url);
