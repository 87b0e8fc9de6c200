import { Random } from '../../college/random.ts';
import type { SimulatedEvent } from './events.ts';

/** How Canvas's deliveries may go wrong, as it documents them; each a share of the events. */
export interface DeliveryFaults {
  readonly seed: number;
  /** Never delivered. */
  readonly lost: number;
  /** Delivered up to 20 minutes later, and so out of order. */
  readonly late: number;
  /** Delivered twice. */
  readonly repeated: number;
}

export interface Delivery {
  /** When it is delivered, epoch ms. */
  readonly at: number;
  readonly event: SimulatedEvent;
}

const LATEST_MS = 20 * 60_000;

/** The deliveries of events in the order in which they come, and the events that never do. */
export function deliveriesOf(
  events: Iterable<SimulatedEvent>,
  faults: DeliveryFaults,
): { deliveries: Delivery[]; lost: SimulatedEvent[]; repeated: SimulatedEvent[] } {
  const random = new Random(faults.seed, 'live events');
  const deliveries: Delivery[] = [];
  const lost: SimulatedEvent[] = [];
  const repeated: SimulatedEvent[] = [];
  for (const event of events) {
    if (random.chance(faults.lost)) {
      lost.push(event);
      continue;
    }
    const wait = () => (random.chance(faults.late) ? random.int(LATEST_MS) : random.int(2_000));
    deliveries.push({ at: event.at + wait(), event });
    if (!random.chance(faults.repeated)) continue;
    repeated.push(event);
    deliveries.push({ at: event.at + wait(), event });
  }
  return { deliveries: deliveries.sort((a, b) => a.at - b.at), lost, repeated };
}
