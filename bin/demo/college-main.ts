import { setImmediate } from 'node:timers/promises';
import type { College } from '../../src/simulators/college/college.ts';
import {
  chooseCollege,
  type SimulatedCampus,
  startSimulatedCampus,
} from '../../src/simulators/simulated-campus.ts';
import type { Order, Reply } from './college-process.ts';

/** The process in which the demo's college lives: controlled over the channel to its parent. */

let campus: SimulatedCampus | undefined;

async function obey(order: Order): Promise<Reply> {
  if ('advanceTo' in order) {
    await campus?.advanceTo(order.advanceTo);
    return { now: order.advanceTo };
  }
  const chosen = chooseCollege(order.open);
  campus = await startSimulatedCampus({ ...chosen, directory: order.open.directory });
  const { college, canvas, sis } = campus;
  if (!canvas || !sis) throw new Error('both systems were asked for');
  void warmUp(college, chosen.start);
  return {
    connections: {
      college: college.name,
      timeZone: college.timeZone,
      provenance: college.provenance,
      now: chosen.start,
      canvas: { url: canvas.url, clientId: canvas.clientId, clientSecret: canvas.clientSecret },
      sis: { host: sis.host, port: sis.port, database: sis.database, user: sis.user, password: sis.password },
    },
  };
}

/** A real Canvas has its tables before anybody asks: each is listed while nobody does. */
async function warmUp({ canvas: history }: College, now: number): Promise<void> {
  for (const table of history.tables) {
    for (const _ of history.changes(table, now, now)) break;
    await setImmediate();
  }
}

process.on('message', (order: Order) => {
  obey(order)
    .catch((error: unknown): Reply => ({ error: error instanceof Error ? error.message : String(error) }))
    .then((reply) => process.send?.(reply));
});

// The parent going away, in whatever way, is the order to end.
process.on('disconnect', () => {
  (campus?.stop() ?? Promise.resolve()).finally(() => process.exit(0));
});
// Ctrl+C reaches the whole group; the parent decides when the college ends.
process.on('SIGINT', () => {});
