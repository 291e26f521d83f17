// Holds a test server until it is killed: what is left then? (start-server.test.ts)
import { startServer } from './start-server.ts';

const server = await startServer({ workers: 1, dataDir: process.argv[2] ?? '' });
process.stdout.write(`${server.pid}\n`);
setInterval(() => {}, 60_000);
