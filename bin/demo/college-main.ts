import {
  chooseCollege,
  type SimulatedCampus,
  startSimulatedCampus,
} from '../../src/simulators/simulated-campus.ts';
import type { Order, Reply } from './college-process.ts';

/** A process of the demo's college: told what to do over the channel to its parent. */

let campus: SimulatedCampus | undefined;

async function obey(order: Order): Promise<Reply> {
  if ('advanceTo' in order) {
    await campus?.advanceTo(order.advanceTo);
    return { now: order.advanceTo };
  }
  const { directory, which, ...choice } = order.open;
  const chosen = chooseCollege(choice);
  campus = await startSimulatedCampus({ ...chosen, directory, which });
  const { college, canvas, sis } = campus;
  return {
    doors: {
      college: college.name,
      timeZone: college.timeZone,
      provenance: college.provenance,
      now: chosen.start,
      ...(canvas && {
        canvas: { url: canvas.url, clientId: canvas.clientId, clientSecret: canvas.clientSecret },
      }),
      ...(sis && {
        sis: {
          host: sis.host,
          port: sis.port,
          database: sis.database,
          user: sis.user,
          password: sis.password,
        },
      }),
    },
  };
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
