import { OF_CANVAS, PASSING_OF_CANVAS } from './of-canvas.ts';
import { OF_DATABASE, PASSING_OF_DATABASE } from './of-database.ts';
import { OF_MACHINE } from './of-machine.ts';
import { OF_MODELS } from './of-models.ts';
import type { Trouble } from './trouble.ts';

/** Every trouble for a seed, and nights with nothing wrong; in the order of time. */
export function troubles(seed: number): Trouble[] {
  const all = [
    ...OF_CANVAS,
    ...OF_DATABASE.map((made) => made(seed)),
    ...OF_MACHINE,
    ...OF_MODELS,
    { name: 'a quiet night', truth: [] },
    ...PASSING_OF_CANVAS,
    ...PASSING_OF_DATABASE.map((made) => made(seed)),
  ];
  return all.sort((a, b) => (a.days ?? 1) - (b.days ?? 1));
}
