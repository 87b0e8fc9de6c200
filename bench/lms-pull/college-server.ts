import { createInterface } from 'node:readline';
import { startCanvasSimulator } from '../../src/simulators/canvas/server.ts';
import { currentTermWeek, generateCollege } from '../../src/simulators/college/generate.ts';
import { VirtualClock } from '../../src/simulators/virtual-clock.ts';
import { shifted } from '../../test/conformance/dap-client/shifted-college.ts';

/**
 * A made-up college's Canvas in a process of its own, in the seventh week of a term, without the limit of five jobs
 * a minute that every client meets alike.
 *
 * Arguments: students, seconds that a job takes. Says where it is as JSON; every line on stdin lets a day pass.
 */
const [students = 0, jobSeconds = 0] = process.argv.slice(2).map(Number);
const DAY_MS = 86_400_000;

// The official client compares the server's times with the machine's clock: the college must stand at today.
const shift = Math.floor((Date.now() - currentTermWeek(7)) / DAY_MS) * DAY_MS;
const clock = new VirtualClock(Date.now(), { running: true });
const simulator = await startCanvasSimulator({
  college: shifted(generateCollege({ students, seed: 1 }), shift),
  clock,
  jobDelay: { ms: jobSeconds * 1000 },
});
const { url, clientId, clientSecret } = simulator;
process.stdout.write(
  `${JSON.stringify({ url, clientId, clientSecret, tables: simulator.tables('canvas') })}\n`,
);
for await (const _ of createInterface(process.stdin)) {
  clock.advance(DAY_MS);
  process.stdout.write('a day has passed\n');
}
await simulator.stop();
process.exit(0);
