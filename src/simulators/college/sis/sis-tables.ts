import type { LivingTable } from '../history.ts';
import type { World } from '../model/world.ts';

/** Every table of the college's student information system. */
export function sisTables(_world: World): LivingTable[] {
  return [];
}
